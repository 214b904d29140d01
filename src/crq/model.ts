import type { Check } from "./checks.ts";

/** A CRQ document in memory. Positions are 1-based lines and columns of the source. */

export const STATUSES = ["draft", "proposed", "approved", "rejected", "deferred", "withdrawn", "superseded", "closed"] as const;
export type Status = (typeof STATUSES)[number];

export const CRQ_KINDS = ["nixify", "lattice", "steps", "fix", "refactor", "docs", "policy", "incident"] as const;
export type CrqKind = (typeof CRQ_KINDS)[number];

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Offsets into the source text, UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Approval {
  readonly by: string;
  readonly at: string;
  readonly via: "approve" | "prompt" | "yes-flag";
  readonly hash: string;
}

export interface Waiver {
  readonly ac?: string;
  readonly weakening?: string;
  readonly reason: string;
  readonly by: string;
  readonly until: string;
}

/** The `toml crq` block. Keys are camelCase here, kebab-case in the file. Dates are ISO strings. */
export interface Metadata {
  readonly schema: "crq/1";
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly kind: CrqKind;
  readonly created: string;
  readonly authors: readonly string[];
  readonly branch?: string;
  readonly target?: { readonly repo: string; readonly base: string; readonly systems: readonly string[] };
  readonly dependsOn?: readonly string[];
  readonly related?: readonly string[];
  readonly supersedes?: readonly string[];
  readonly supersededBy?: readonly string[];
  readonly approval?: Approval;
  readonly evidence?: { readonly report: string; readonly sha256: string; readonly tree: string };
  readonly waivers: readonly Waiver[];
  readonly imported?: { readonly path: string; readonly sha256: string; readonly family: string; readonly statusWord?: string };
}

export interface Criterion {
  /** `AC-1`. */
  readonly id: string;
  /** The prose of the item without the id and without its block. */
  readonly text: string;
  readonly place: Place;
  readonly withdrawn?: string;
  readonly need: "all" | "any";
  /** Empty: no block yet (legal only in a draft), withdrawn, or a block that is wrong (`blockPlace` is set, the problems say why). */
  readonly checks: readonly Check[];
  readonly blockPlace?: Place;
}

export interface Section {
  /** Canonical name without number: `Overview` … `References`, or a tail, or undefined for an unknown heading. */
  readonly name: SectionName | undefined;
  readonly heading: string;
  readonly number?: number;
  readonly place: Place;
  /** From the end of the heading line to the next H2. */
  readonly body: Range;
}

export const SECTIONS = [
  "Overview",
  "Motivation",
  "Scope",
  "Technical Details",
  "Acceptance Criteria",
  "Implementation Plan",
  "References",
] as const;
export const TAIL_SECTIONS = ["Risks and Rollback", "Open Questions", "Clarifications", "History", "Imported Text"] as const;
export type SectionName = (typeof SECTIONS)[number] | (typeof TAIL_SECTIONS)[number];

export interface PlanStep {
  readonly number: number;
  /** Without markup. */
  readonly text: string;
  /** What it shows as inline code: paths, attributes, commands. */
  readonly code: readonly string[];
  readonly criteria: readonly string[];
  /** Of `(no-ac: reason)`. */
  readonly noAc?: string;
  readonly place: Place;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly answer?: string;
  readonly place: Place;
}

export interface Fact {
  readonly id: string;
  readonly claim: string;
  readonly source: string;
  readonly sha256: string;
  readonly quote: string;
  readonly key?: string;
  readonly value?: string;
  readonly usedIn: readonly string[];
}

export interface Crq {
  readonly path: string;
  readonly source: string;
  /** undefined when there is no valid block; the problems say why. */
  readonly metadata: Metadata | undefined;
  readonly metadataRange: Range | undefined;
  readonly title: { readonly id: string | undefined; readonly text: string; readonly place: Place } | undefined;
  readonly sections: readonly Section[];
  readonly criteria: readonly Criterion[];
  readonly steps: readonly PlanStep[];
  readonly questions: readonly Question[];
  readonly facts: readonly Fact[];
  /** Of form: what the parser could not make sense of. The linter adds its own. */
  readonly problems: readonly CrqDiagnostic[];
}

export type Severity = "error" | "warning" | "info";

export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface CrqDiagnostic {
  readonly severity: Severity;
  /** `area/rule`. */
  readonly rule: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fix?: { readonly description: string; readonly edits: readonly TextEdit[]; readonly rename?: string };
}

export type Verdict = "pass" | "fail" | "vacuous" | "unavailable" | "skipped" | "waived" | "manual";
