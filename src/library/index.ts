import type { Model } from "../agent/messages.ts";
import type { ModelOptions } from "../commands/wiring/choose-model.ts";
import type { LimitOptions } from "../commands/wiring/run-limits.ts";
import { type CallOptions, call } from "./call.ts";
import {
  type Applied,
  appliedSchema,
  type Called,
  type Drafted,
  draftedSchema,
  type SurveyData,
  surveySchema,
  type Verified,
  verifiedSchema,
} from "./results.ts";

/**
 * crq-agent as a library: `draft`, `apply`, `verify` and `survey` as functions. They do what the verbs of that name do, with the same
 * journal, limits, gate and acceptance; a model of one's own takes part as a value.
 */

export type { Ask, AssistantMessage, Message, Model } from "../agent/messages.ts";
export type { CallOptions } from "./call.ts";
export type { Applied, Called, Drafted, Event, Finding, Outcome, SurveyData, Usage, Verified } from "./results.ts";

export interface WorkOptions extends CallOptions {
  /** `rules` (no key), `openai:NAME`, `anthropic:NAME`, …, a name of crq-agent.toml, or a model of your own. Default: that of crq-agent.toml. */
  readonly model?: string | Model;
  /** What ends the run; default: the limits of crq-agent.toml. */
  readonly limits?: Pick<LimitOptions, "maxTurns" | "maxTokens" | "maxUsd" | "maxWall" | "maxBuilds">;
}

export interface DraftCall extends WorkOptions {
  /** Folders and files of documents; default: those of crq-agent.toml, else README and docs/. */
  readonly docs?: readonly string[];
  /** The document is returned and written nowhere. */
  readonly write?: boolean;
}

export interface ApplyCall extends WorkOptions {
  /** Approve the CRQ without asking anybody; the approval says so. Default: it must be approved, or `confirm` is asked. */
  readonly unattended?: boolean;
  /** Hand over as this branch, or as this patch file. Default: the branch that the CRQ names. */
  readonly handOver?: { readonly branch: string } | { readonly patch: string };
}

export interface VerifyCall extends CallOptions {
  /** Ids of the criteria to check; default: all. */
  readonly criteria?: readonly string[];
}

type Common = Pick<CallOptions, "world"> & { readonly repo: string; readonly quiet: true };

const common = ({ world }: CallOptions): Common => ({ repo: ".", quiet: true, ...(world !== undefined && { world }) });

const work = (options: WorkOptions): Common & ModelOptions & LimitOptions => ({
  ...common(options),
  ...(options.model !== undefined && { model: options.model }),
  ...options.limits,
});

/** Writes a CRQ from one sentence, the project's documents and its list of CRQs. */
export async function draft(task: string, options: DraftCall = {}): Promise<Called<Drafted>> {
  const { draft: verb } = await import("../commands/change/draft.ts");
  const own = {
    ...work(options),
    ...(options.docs && { docs: options.docs }),
    ...(options.write === false && { stdout: true, json: true }),
  };
  return call(verb, draftedSchema, options, [task, own]);
}

/**
 * Changes the repository until every criterion is proven, then hands over.
 * @param crq id, number or path of an approved CRQ
 */
export async function apply(crq: string, options: ApplyCall = {}): Promise<Called<Applied>> {
  const { apply: verb } = await import("../commands/change/apply.ts");
  const own = { ...work(options), ...(options.unattended && { yes: true }), ...options.handOver };
  return call(verb, appliedSchema, options, [crq, own]);
}

/** Runs the acceptance criteria alone, on the tracked files as they are. No model takes part. */
export async function verify(crq: string, options: VerifyCall = {}): Promise<Called<Verified>> {
  const { verify: verb } = await import("../commands/change/verify.ts");
  return call(verb, verifiedSchema, options, [crq, { ...common(options), ...(options.criteria && { ac: options.criteria }) }]);
}

/** What the repository holds, each fact with its line, and the builder that a flake would take. Needs no Nix. */
export async function survey(options: CallOptions = {}): Promise<Called<SurveyData>> {
  const { survey: verb } = await import("../commands/repository/survey.ts");
  return call(verb, surveySchema, options, [common(options)]);
}
