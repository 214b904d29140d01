import type { PlannedInput } from "../../plan.ts";

/** What a flake of a module in Go is to contain; the recipe turns it into text and knows nothing else. */
export interface GoFlakePlan {
  /** nixpkgs first. */
  readonly inputs: readonly PlannedInput[];
  readonly systems: readonly string[];
  /** Name under `packages.SYSTEM`, besides `default`. */
  readonly name: string;
  /** Of the package, below lib.licenses; absent: not known. */
  readonly license?: string;
  readonly version: string;
  /** Folder that is the source, and in it the folder of go.mod. */
  readonly source: string;
  readonly modRoot: string;
  /** Whether modules are downloaded, behind a hash that the first build fills in. */
  readonly downloads: boolean;
  /** The main one first; empty: a library. */
  readonly programs: readonly string[];
  /** Folders of packages to build, where leaving others out by name would take too much. */
  readonly subPackages: readonly string[];
  readonly excludedPackages: readonly string[];
  readonly ldflags: readonly string[];
  readonly withoutCgo: boolean;
  /** Attributes of nixpkgs. */
  readonly nativeBuildInputs: readonly string[];
  readonly buildInputs: readonly string[];
  /** Checks besides the package, by what they run. */
  readonly checks: readonly GoCheck[];
}

export type GoCheck = "vet" | "gofmt";
