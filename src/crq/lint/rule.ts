import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CrqDiagnostic, Place, Severity } from "../model.ts";
import type { CrqDocument } from "../parse/document.ts";

/** `import` for foreign documents, `standard` by default, `strict` for documents the tool writes. */
export const PROFILES = ["import", "standard", "strict"] as const;
export type Profile = (typeof PROFILES)[number];

export type Level = Severity | "off";

/** What the linter may know of the world; it reads nothing itself. Whatever is left out switches off the rules that need it. */
export interface LintContext {
  /** Whether a path is in the target at base; undefined: not known. */
  readonly exists?: (path: string) => boolean | undefined;
  /** Text and hash of a fact's source; `missing` when it is not there, undefined when it was not looked for. */
  readonly readSource?: (path: string) => { readonly text: string; readonly sha256: string } | "missing" | undefined;
  /** Whether a text occurs in the target's manifests, locks or flakes; undefined: not known. */
  readonly inTarget?: (text: string) => boolean | undefined;
  /** Why a flake URL is against the input policy; undefined: it is not. */
  readonly policy?: (url: string) => string | undefined;
  /** What the documents read for a draft contradict each other about: whoever drafts has to ask, or to say why not. */
  readonly contradictions?: readonly {
    readonly key: string;
    readonly sides: readonly {
      readonly id: string;
      readonly key?: string;
      readonly value?: string;
      readonly source: string;
      readonly line: number;
    }[];
  }[];
  /** Branches that `[policy.inputs.forks]` names. */
  readonly forkRefs?: readonly string[];
  /** Text of each `nix` fence (`nixSnippets` collects them) → what the parser said; undefined: it parses. */
  readonly nixProblems?: ReadonlyMap<string, SnippetProblem | undefined>;
  /** Arguments of `outputs` that the flake in a `nix` fence does not declare, with their offsets in it. */
  readonly undeclaredInputs?: (snippet: string) => readonly { readonly name: string; readonly offset: number }[];
  /** Ids and titles on other branches. */
  readonly otherRefs?: readonly { readonly ref: string; readonly id: string; readonly title: string }[];
  /** Ids of documents outside this folder that a list names. */
  readonly listedIds?: readonly string[];
  /** State of a closed CRQ's report. */
  readonly evidence?: (report: string, sha256: string) => "ok" | "missing" | "altered" | "not-ok" | undefined;
  /** The other documents of the folder. */
  readonly catalogue?: Catalogue;
  /** For metadata that a fix writes. */
  readonly author?: string;
  /** ISO date. */
  readonly today?: string;
  readonly base?: string;
  readonly systems?: readonly string[];
}

/** What Nix said of a fence; line and column, from 1, count in what the fence holds. */
export interface SnippetProblem {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface RuleInput {
  readonly document: CrqDocument;
  readonly context: LintContext;
  readonly profile: Profile;
}

/** What a rule found. Without `level` it has the severity of its rule in the profile. */
export interface Finding {
  readonly place: Place;
  readonly message: string;
  readonly level?: Level;
  readonly fix?: CrqDiagnostic["fix"];
}

/** A lint rule as a value. */
export interface Rule {
  /** `area/rule`. */
  readonly name: string;
  /** What is wrong, in one line. */
  readonly about: string;
  /** Why it matters and what to do, for `--explain`. */
  readonly explain: string;
  readonly levels: Readonly<Record<Profile, Level>>;
  /** Whether some of its findings carry a fix. */
  readonly fixes?: boolean;
  /** What it must know of the world beside the document: without it the rule says nothing, and a report says so. */
  readonly needs?: keyof LintContext;
  /** It reads other documents of the folder, so its findings change when they do. */
  readonly acrossDocuments?: boolean;
  /** What is found and what is not, for `--explain`: pieces of Markdown or TOML. */
  readonly examples?: { readonly bad: string; readonly good: string };
  check(input: RuleInput): Iterable<Finding>;
}

const LETTERS: Readonly<Record<string, Level>> = { E: "error", W: "warning", i: "info", "-": "off" };

/** Levels for import, standard, strict, written as in the format's table: `levels("i W E")`. */
export function levels(letters: string): Readonly<Record<Profile, Level>> {
  const [first = "", second = "", third = ""] = letters.split(" ");
  const level = (letter: string): Level => LETTERS[letter] ?? "off";
  return { import: level(first), standard: level(second), strict: level(third) };
}

/** A rule at error in all three profiles cannot be ignored in a document. */
export function isAbsolute(rule: Rule): boolean {
  return PROFILES.every((profile) => rule.levels[profile] === "error");
}

/** The findings that the parser already made under a rule's name. */
export function parserFindings(name: string): (input: RuleInput) => Finding[] {
  return ({ document }) =>
    document.crq.problems
      .filter(({ rule }) => rule === name)
      .map(({ line, column, message, fix }) => ({ place: { line, column }, message, ...(fix && { fix }) }));
}
