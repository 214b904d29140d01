import type { PlannedInput } from "../../plan.ts";

/** What a flake of a project for Node.js is to contain; the recipe turns it into text and knows nothing else. */
export interface NodeFlakePlan {
  /** nixpkgs first. */
  readonly inputs: readonly PlannedInput[];
  readonly systems: readonly string[];
  /** Folder of package.json relative to the flake. */
  readonly root: string;
  /** Name under `packages.SYSTEM`, besides `default`. */
  readonly name: string;
  /** As package.json has it, with its scope. */
  readonly packageName: string;
  readonly version: string;
  readonly description?: string;
  /** Names below `lib.licenses`. */
  readonly licenses: readonly string[];
  /** Attribute of nixpkgs. */
  readonly nodejs: string;
  /**
   * `hash`: a cache of all archives behind one hash, which the build itself tells; `lock`: the lock file alone, since nothing is fetched;
   * `none`: there is no lock, and nothing to lock.
   */
  readonly dependencies: "hash" | "lock" | "none";
  /** The cache behind the hash holds nothing, on purpose: workspaces link to each other. */
  readonly emptyCache: boolean;
  /** The lock holds no package: npm makes no `node_modules`. */
  readonly installsNothing: boolean;
  /** Script that builds. */
  readonly build?: string;
  /** `npm test` is run. */
  readonly tests: boolean;
  /** npm would run scripts again when it packs. */
  readonly packsWithoutScripts: boolean;
  /** Variables of the build. */
  readonly environment: readonly (readonly [string, string])[];
  /** In `bin/`; the first is the main one. */
  readonly programs: readonly string[];
  /** The main program is no `bin` of package.json, but this file, run by node with these flags. */
  readonly starts?: { readonly path: string; readonly flags: readonly string[] };
  /** Folders of workspaces: all of them are installed as they lie, and the programs are files of theirs. */
  readonly workspaces?: {
    readonly folders: readonly string[];
    readonly programs: readonly { readonly name: string; readonly path: string }[];
    readonly buildsEach: boolean;
    readonly testsEach: boolean;
  };
  /** Folder that the build makes and that ignore files may keep from being packed. */
  readonly made?: string;
  /** The installation may put the program below its scope. */
  readonly scopedBin: boolean;
}
