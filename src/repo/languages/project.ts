import type { CProject } from "./c/project.ts";
import type { GoProject } from "./go/project.ts";
import type { NodeProject } from "./node/project.ts";
import type { PythonProject } from "./python/project.ts";

/** A project in another language than Rust, as the survey holds it: each language has facts of its own shape, and the same frame around them. */

/** The facts of each language that is read. A language that joins has its line here, its reader in read.ts, and nothing else in this room. */
export interface LanguageFacts {
  readonly c: CProject;
  readonly node: NodeProject;
  readonly python: PythonProject;
  readonly go: GoProject;
}

export type Language = keyof LanguageFacts;

/** A project of one of the languages, told apart by its name. */
export type LanguageProject = {
  [L in Language]: { readonly kind: "project"; readonly language: L; readonly project: LanguageFacts[L] };
}[Language];

export interface LanguageSurvey {
  /** For people: `C`. */
  readonly name: string;
  /** What describes the build, relative to the repository; absent: nothing single does. */
  readonly file?: string;
  /** The project, or why its build is not understood. */
  readonly reading: LanguageProject | { readonly kind: "unclear"; readonly problem: string };
  /** What is known, in the order in which it is told; none where the reading is unclear. */
  readonly facts: readonly LanguageFact[];
  readonly programs: LanguagePrograms;
  readonly warnings: readonly string[];
}

export interface LanguageFact {
  /** `program tally`, `version 1.2`. */
  readonly fact: string;
  /** `Makefile:3`, or the path alone. */
  readonly source?: string;
}

/** How documents may show the project's programs. */
export interface LanguagePrograms {
  readonly names: readonly string[];
  /** Folder from which they are built, relative to the repository. */
  readonly root: string;
  /** Files, relative to that folder, which an interpreter runs as a program: `node cli.js` is the program's name in the end. */
  readonly files?: Readonly<Record<string, string>>;
  /** What `go run FOLDER` starts, by folders relative to the repository. */
  readonly folders?: Readonly<Record<string, string>>;
}

export const NO_PROGRAMS: LanguagePrograms = { names: [], root: "." };

/** A reading that gives up, with the reason. */
export const unclear = (name: string, problem: string): LanguageSurvey => ({
  name,
  reading: { kind: "unclear", problem },
  facts: [],
  programs: NO_PROGRAMS,
  warnings: [`The build of the ${name} sources is not understood: ${problem}`],
});
