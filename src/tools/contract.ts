import { z } from "zod";
import { GIVE_UP_MEANINGS, GIVE_UP_REASONS } from "../agent/outcome.ts";
import type { Contradiction } from "../crq/facts/contradictions.ts";
import type { CrqDiagnostic, Verdict } from "../crq/model.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";
import type { AttributeFacts, Built } from "../nix/nix.ts";
import type { DocumentFact, Survey } from "../repo/facts.ts";

/**
 * The arguments that a model writes and the typed `details` that go with each tool's text. `rules` calls the same tools with the same
 * arguments and reads the details; a language model reads the text.
 */

const path = z.string().min(1).describe("Path relative to the repository root.");

export const editSchema = z.union([
  z.strictObject({ path, create: z.string().describe("Whole content of a new file (also replaces an existing one).") }),
  z.strictObject({
    path,
    replace: z.strictObject({
      old: z.string().min(1).describe("Exact text that occurs once in the file."),
      new: z.string().describe("What takes its place."),
    }),
  }),
  z.strictObject({ path, delete: z.literal(true) }),
  z.strictObject({ path, move: path.describe("New path.") }),
  z.strictObject({ path, restore: z.literal(true).describe("Puts the file back as it was at the base commit.") }),
]);
export type Edit = z.infer<typeof editSchema>;

const nixpkgsArgument = z.string().min(1).exactOptional().describe("Flake reference for nixpkgs; absent: the project's default.");

export const toolArguments = {
  survey: z.strictObject({}),
  list_files: z.strictObject({
    path: z.string().default(".").describe("Folder relative to the repository root."),
    pattern: z.string().exactOptional().describe("Glob such as `**/*.rs`."),
  }),
  read_file: z.strictObject({
    path,
    from_line: z.number().int().positive().default(1),
    lines: z.number().int().positive().max(2000).default(400),
  }),
  search_text: z.strictObject({
    pattern: z.string().min(1).describe("Perl-compatible regular expression."),
    path: z.string().default(".").describe("Folder or file to search in."),
  }),
  propose_edit: z.strictObject({
    edits: z.array(editSchema).max(50).describe("One transaction: all of it is accepted or none."),
    why: z.string().exactOptional().describe("One line for the reviewer."),
    amend: z
      .boolean()
      .default(false)
      .describe("true: these edits are applied on top of the pending proposal that was refused, which need not be sent again."),
  }),
  nix_eval: z.strictObject({
    attribute: z.string().min(1).describe("Full attribute path of the flake, for instance packages.x86_64-linux.default.name"),
    apply: z.string().exactOptional().describe("Nix function applied to the value, for instance builtins.attrNames"),
  }),
  nix_build: z.strictObject({
    attribute: z
      .string()
      .min(1)
      .describe("Full attribute path, for instance packages.x86_64-linux.default or checks.x86_64-linux.test"),
    rebuild: z.boolean().default(false).describe("Build a second time and compare."),
  }),
  nix_log: z.strictObject({
    attribute: z
      .string()
      .min(1)
      .exactOptional()
      .describe("Full attribute path, for instance checks.x86_64-linux.test: the log of its own build."),
    derivation: z.string().min(1).exactOptional().describe("In its place: a /nix/store/….drv path of an earlier result."),
    contains: z
      .string()
      .min(1)
      .exactOptional()
      .describe("Only lines that contain this text (case does not matter), with two lines around each."),
    from_line: z.number().int().positive().exactOptional(),
    lines: z.number().int().positive().max(1000).default(200),
  }),
  nix_attr: z.strictObject({
    attribute: z
      .string()
      .min(1)
      .describe("Attribute path in the locked nixpkgs, for instance openssl or rustPlatform.bindgenHook"),
  }),
  run_program: z.strictObject({
    attribute: z
      .string()
      .min(1)
      .describe("Full attribute path of what holds the program, for instance packages.x86_64-linux.default"),
    program: path.exactOptional().describe("Its file in the first output, such as bin/NAME; absent: the only program there."),
    args: z
      .array(z.string().refine((word) => !word.includes("\0"), { message: "no word of a program holds a NUL byte" }))
      .max(100)
      .default([]),
    stdin: z.string().exactOptional(),
    files: z
      .record(z.string().min(1), z.string())
      .exactOptional()
      .describe("Texts to read, by their path in the folder that it runs in, which is empty but for them."),
  }),
  check_criteria: z.strictObject({ only: z.array(z.string()).exactOptional().describe("Criterion ids; all when absent.") }),
  give_up: z.strictObject({
    reason: z
      .enum(GIVE_UP_REASONS)
      .describe(GIVE_UP_REASONS.map((reason) => `${reason}: ${GIVE_UP_MEANINGS[reason]}`).join("; ")),
    detail: z.string().min(1).describe("What stands in the way and what a person could do about it."),
  }),
  ask_waiver: z.strictObject({
    question: z.string().min(1).describe("One sentence to the person: what may be left out, and why it cannot be otherwise."),
  }),
  ask_person: z.strictObject({
    question: z.string().min(1).describe("One sentence that ends in a question mark."),
    choices: z.array(z.string().min(1)).max(6).exactOptional().describe("Answers to choose from; the person may give another."),
  }),
  propose_lattice: z.strictObject({
    folder: path.default("lattice").describe("Folder of lattice.toml."),
    crate: path
      .exactOptional()
      .describe("Folder of a Cargo.toml whose items become the nodes; absent: the nodes that lattice.toml plans already."),
    nixpkgs: nixpkgsArgument,
  }),
  propose_step_flakes: z.strictObject({
    folder: path.default("steps").describe("Folder of the committed step records (*.jsonl)."),
    nixpkgs: nixpkgsArgument,
  }),
  submit_crq: z.strictObject({ markdown: z.string().min(1).describe("The whole document.") }),
} as const;

export type ToolName = keyof typeof toolArguments;

/** Where one of them is refused, what the same reply builds or runs next is not what it meant. */
export const PROPOSALS: readonly ToolName[] = ["propose_edit", "propose_lattice", "propose_step_flakes"];

/** Everything a drafter or planner may know, from one look-only call. */
export interface SurveyDetails {
  readonly survey: Survey;
  readonly facts: readonly DocumentFact[];
  /** The same of manifests, the toolchain file, the flake and the policy. */
  readonly repositoryFacts: readonly DocumentFact[];
  /** Which of these facts cannot both hold. */
  readonly contradictions: readonly Contradiction<DocumentFact>[];
  /** sha256 of files that facts may quote: manifests, the flake, the README. */
  readonly hashes: Readonly<Record<string, string>>;
  /** What was left out of the facts for lack of budget. */
  readonly leftOut: readonly string[];
  readonly task: string | undefined;
  /** Source text of the CRQ being applied. */
  readonly crq: { readonly path: string; readonly source: string } | undefined;
  readonly draft: DraftFrame | undefined;
  /** Asked and answered while the survey was made. */
  readonly clarifications: readonly { readonly question: string; readonly answer: string }[];
  readonly system: string;
  /** Flake reference for nixpkgs where nothing else names one. */
  readonly nixpkgs: string;
  /** `[policy.inputs]`, when the project has one. */
  readonly policy:
    | {
        readonly org: string;
        readonly ref: string;
        readonly forks: Readonly<Record<string, string>>;
        readonly exceptions: readonly string[];
      }
    | undefined;
  /** Whether a person said that asking is not needed (`--yes`). */
  readonly yes: boolean;
  /** Only of a request for a lattice or for flakes of build steps; absent in journals of earlier versions. */
  readonly flakeGraphs?: FlakeGraphs;
}

/** What the repository holds that many small flakes can be made of. */
export interface FlakeGraphs {
  readonly recordings: readonly Recording[];
  readonly lattices: readonly { readonly folder: string; readonly nodes: number; readonly problems: readonly string[] }[];
  /** The crate that is meant, as the nodes it splits into. */
  readonly crate?: SplitFacts;
}

/** Committed records of a build (`crq-agent steps record`). */
export interface Recording {
  readonly folder: string;
  /** Steps that can be built again. */
  readonly steps: number;
  /** What the last steps made, by the names under `bin` of the flake that joins them. */
  readonly programs: readonly string[];
  /** Why no flakes can be made of it, each with its place and the next move. */
  readonly problems: readonly string[];
}

export interface SplitFacts {
  /** Of its Cargo.toml, relative to the repository. */
  readonly folder: string;
  readonly nodes: number;
  /** The node that joins the others: the crate under its own name. */
  readonly join?: { readonly name: string; readonly program: boolean };
  /** Items that are no node of their own, each with its place and the reason. */
  readonly leftOut: readonly string[];
  /** Why it cannot be split. */
  readonly problem?: string;
}

/** What the job has already settled about a document to be drafted. */
export interface DraftFrame {
  readonly id: string;
  /** ISO date. */
  readonly created: string;
  readonly author: string;
  /** 40 hex digits, or `tree:…` for a folder without git. */
  readonly base: string;
  readonly systems: readonly string[];
  readonly kind: string | undefined;
  /** CRQs that exist, by path. */
  readonly existing: readonly ExistingCrq[];
  /** Whether a person can be asked (`ask_person`). */
  readonly canAsk: boolean;
}

export interface ExistingCrq {
  readonly id: string;
  readonly title: string;
  readonly status: string | undefined;
  readonly kind: string | undefined;
}

export interface ProposalDetails extends Mending {
  readonly accepted: boolean;
  /** Refused for what can be amended: the edits are kept. */
  readonly pending: boolean;
  readonly stage: "edit" | "policy" | "parse" | "lock" | "eval" | "accepted";
  readonly problems: readonly string[];
  readonly diagnoses: readonly Diagnosis[];
  readonly changed: readonly string[];
}

/** What mechanics did on the way to the result. */
export interface Mending {
  /** One sentence each. */
  readonly mechanics: readonly string[];
  /** Files with the text that they now have; absent in journals of earlier versions. */
  readonly texts?: Readonly<Record<string, string>>;
  /** The failures that were mended, in their order. */
  readonly answered?: readonly Diagnosis[];
}

export type BuildDetails = Mending &
  (
    | { readonly ok: true; readonly attribute: string; readonly built: readonly Built[] }
    | {
        readonly ok: false;
        readonly attribute: string;
        readonly why: "failed" | "timeout" | "aborted" | "unavailable";
        readonly diagnoses: readonly Diagnosis[];
      }
  );

export type RunDetails =
  | { readonly ok: true; readonly argv: readonly string[]; readonly exit: number }
  | { readonly ok: false; readonly diagnoses: readonly Diagnosis[] };

export type EvalDetails =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly diagnoses: readonly Diagnosis[] };

export interface CriteriaDetails {
  readonly ok: boolean;
  readonly criteria: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    readonly reason: string;
    readonly diagnoses: readonly Diagnosis[];
    /** A program ran and did something else than the criterion says: no flake can mend that. Absent: it did not come to that. */
    readonly ranOtherwise?: true;
  }[];
}

export type AttributeDetails = AttributeFacts;

export interface AskDetails {
  /** null: nobody answered. */
  readonly answer: string | null;
}

export interface SubmitDetails {
  readonly accepted: boolean;
  readonly diagnostics: readonly CrqDiagnostic[];
}
