/** A step as its flake will have it: every path below a root named, every neighbour known. */

export interface PlannedCrate {
  readonly name: string;
  readonly version: string;
  /** sha256 of the crate's archive, hex, as Cargo.lock has it. */
  readonly checksum: string;
}

export interface PlannedStep {
  readonly seq: number;
  /** `step003`: its folder, and the name of the flake input that others have for it. */
  readonly folder: string;
  readonly id: string;
  /** `FILE:LINE` of its record. */
  readonly place: string;
  /** A tool's name, or `@build@/…`. */
  readonly command: string;
  readonly tool: string;
  readonly toolVersion?: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Tracked files that it reads, relative to the repository's root. */
  readonly sources: readonly string[];
  readonly crates: readonly PlannedCrate[];
  /** Attributes of nixpkgs with its tools. */
  readonly packages: readonly string[];
  /** Folders of the steps whose outputs it reads. */
  readonly depends: readonly string[];
  /** Folders of all steps below it, `depends` among them, in order. */
  readonly below: readonly string[];
  /** Below `@build@`. */
  readonly outputs: readonly string[];
  /** Outputs that may be empty, as they were when recorded. */
  readonly mayBeEmpty: readonly string[];
  /** Outputs that may be programs, by the name under `bin`. */
  readonly programs: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly stdout?: string;
}

/** `step007`; from the thousandth on four digits. */
export const stepFolder = (seq: number): string => `step${String(seq).padStart(3, "0")}`;
