import type { DiagnosisKind } from "../../nix/diagnosis.ts";
import type { Draw } from "../draw.ts";

/**
 * Seeded faults: a planter takes a repository that builds and says which edits break it in one known way. Planters are pure; what they draw
 * comes from a seed, so that a fault can be planted again. The label is the class of the field notes' table that was planted, never what a
 * diagnosis says of it.
 */

export type Files = Readonly<Record<string, string>>;

/** A repository that builds. */
export interface GoodRepository {
  /** Every tracked file, flake.lock included. */
  readonly files: Files;
  readonly builder: string;
  /** Full attribute path of the package that is built. */
  readonly attribute: string;
  /** What its programs print; the first crate is the one that faults are planted into. */
  readonly programs: readonly ProgramRun[];
}

export interface ProgramRun {
  readonly crate: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly stdin: string;
  readonly stdout: string;
}

/** A crate that can be had while the fault is planted, as a lock file names it. */
export interface SuppliedCrate {
  readonly name: string;
  readonly version: string;
  readonly checksum: string;
  readonly dependencies: readonly string[];
}

/** What planters may use of the world that the repository is built in. */
export interface Supply {
  readonly system: string;
  /** By name; a crate with everything below it. */
  crate(name: string): readonly SuppliedCrate[] | undefined;
  /** A Git repository of several crates, and the commit its default branch names. */
  readonly git: { readonly url: string; readonly revision: string } | undefined;
  /** Where crates used to be asked for: the world answers 403. */
  readonly refusedDownloads: string | undefined;
}

export interface Planted {
  /** The commit that breaks it: null deletes a file. */
  readonly edits: Readonly<Record<string, string | null>>;
  /** What lies in the checkout besides, untracked or ignored. */
  readonly checkout: Files;
  /** The attribute that fails now, where that is not the repository's own. */
  readonly fails?: string;
  /** The attribute that must build once it is repaired, where that is not the repository's own. */
  readonly builds?: string;
  /** Settings of the machine that the fault needs to be seen (`--timeout 10`). */
  readonly options?: readonly string[];
  /** The fault shows in a checkout with changes only: a clean clone builds. */
  readonly dirtyOnly?: boolean;
  /** One line: what was done, with the names that were drawn. */
  readonly what: string;
}

export interface Planter {
  /** Unique, kebab-case. */
  readonly name: string;
  /** Row of the field notes' table (§2.1), 1 to 30; 0: a kind that the table has not. */
  readonly row: number;
  readonly label: DiagnosisKind;
  /** A rule cures it, with no decision of a person but the one `--yes`. */
  readonly mechanical: boolean;
  /** Why a rule alone cannot, here. */
  readonly why?: string;
  /** undefined: it cannot be planted into this repository. */
  plant(repository: GoodRepository, draw: Draw, supply: Supply): Planted | undefined;
}

/** Applies the committed part. */
export function plantedFiles(good: Files, edits: Planted["edits"]): Files {
  const kept = Object.entries({ ...good, ...edits }).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(kept);
}
