import type { GiveUpReason } from "../../agent/outcome.ts";
import type { ChosenInputs } from "../plan/flake-inputs.ts";

/** What the rules have decided about a project in any language but Rust: everything that drafting and applying need, and nothing of the language. */

export interface PlannedProject {
  readonly ok: true;
  /** For people: `C`, `Go`. */
  readonly language: string;
  /** Of the project, and under `packages.SYSTEM`. */
  readonly name: string;
  /** In `bin/`, the main one first; empty: a library. */
  readonly programs: readonly string[];
  readonly inputs: ChosenInputs;
  readonly systems: readonly string[];
  /** Text of flake.nix. */
  readonly flake: string;
  /** The same without some of the checks, for those that turn out to fail where nobody asks for them. */
  readonly flakeWithout?: (checks: ReadonlySet<string>) => string;
  /** Further files that the flake needs, each with its whole new text: those that the survey knows, or that do not exist. */
  readonly files?: ReadonlyMap<string, string>;
  /** The package's own build runs the project's tests. */
  readonly testsInBuild: boolean;
  /** Checks besides the package, each with what it does: `runs go vet`. An optional one is left out again where it fails. */
  readonly checks: readonly {
    readonly name: string;
    readonly does: string;
    readonly topic: "tests" | "lints";
    readonly optional?: true;
  }[];
  readonly formatter: boolean;
  /** A command that answers in the development shell, and what the shell holds: `the compiler and what the build needs`. */
  readonly shell: { readonly argv: readonly string[]; readonly stdout: string; readonly holds: string };
  /** What builds the sources, after "with": `make`, `the Go tools`. */
  readonly tool: string;
  /** A sentence each about the build. */
  readonly build: readonly string[];
  /** What the change does not touch: `the C sources, their tests and `Makefile``. */
  readonly untouched: string;
  /** Lines of files that the plan stands on. */
  readonly cited: readonly CitedLine[];
  /** What describes the build, where nothing is cited. */
  readonly file: string;
  /** What the plan settles for, each a sentence with its reason. */
  readonly remarks: readonly string[];
}

export interface CitedLine {
  readonly claim: string;
  readonly source: string;
  /** Of the whole file, hex. */
  readonly sha256: string;
  readonly quote: string;
  /** Sections and criteria that rest on it. */
  readonly about: readonly ("outputs" | "build" | "package" | "tests")[];
}

export interface NotPlanned {
  readonly ok: false;
  readonly reason: GiveUpReason;
  readonly detail: string;
}

export const notPlanned = (detail: string): NotPlanned => ({
  ok: false,
  reason: "not-understood",
  detail: `${detail} Use a language model (--model).`,
});

/** What nixpkgs calls a version of something that has none. */
export const NO_VERSION = "0-unstable";
