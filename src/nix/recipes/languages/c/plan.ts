import type { PlannedInput } from "../../plan.ts";

/** What a flake of a C project is to contain; the recipe turns it into text and knows nothing else. */
export interface CFlakePlan {
  /** nixpkgs first. */
  readonly inputs: readonly PlannedInput[];
  readonly systems: readonly string[];
  readonly system: "make" | "cmake";
  /** Folder of the build description relative to the flake. */
  readonly root: string;
  /** Name under `packages.SYSTEM`, besides `default`. */
  readonly name: string;
  /** `0-unstable` where the project has none. */
  readonly version: string;
  /** Each program with the place where the build leaves it; the first is the main one. */
  readonly programs: readonly { readonly name: string; readonly path: string }[];
  /** Variable of `make install` that takes the place; `own`: the build's own installation as it is; `none`: programs are copied. */
  readonly install: { readonly by: "make"; readonly prefix: string } | { readonly by: "own" } | { readonly by: "none" };
  /** Target of the tests. */
  readonly checkTarget?: string;
  /** The Makefile names a compiler, and is told that of the environment. */
  readonly setsCompiler: boolean;
  /** Attributes of nixpkgs. */
  readonly nativeBuildInputs: readonly string[];
  readonly buildInputs: readonly string[];
}
