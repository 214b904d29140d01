import { z } from "zod";
import type { Message, ToolCall } from "../agent/messages.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";
import type { AttributeFacts } from "../nix/nix.ts";
import {
  type AskDetails,
  type BuildDetails,
  type CriteriaDetails,
  type Edit,
  type EvalDetails,
  editSchema,
  type ProposalDetails,
  type SubmitDetails,
  type SurveyDetails,
} from "../tools/contract.ts";

/**
 * The conversation as typed steps. The details of tool results are this program's own data, also after a journey through the journal; their
 * top level is checked here, so that a journal of another version is met with a message and not with a crash further on.
 */

export type Step =
  | { readonly tool: "user"; readonly text: string }
  | { readonly tool: "survey"; readonly details: SurveyDetails }
  | { readonly tool: "propose_edit"; readonly edits: readonly Edit[]; readonly amend: boolean; readonly details: ProposalDetails }
  /** Files of a generator. */
  | { readonly tool: "propose_lattice" | "propose_step_flakes"; readonly details: ProposalDetails }
  | { readonly tool: "nix_build"; readonly details: BuildDetails }
  | { readonly tool: "nix_eval"; readonly details: EvalDetails }
  | { readonly tool: "nix_attr"; readonly details: AttributeFacts }
  | { readonly tool: "check_criteria"; readonly details: CriteriaDetails }
  | { readonly tool: "submit_crq"; readonly details: SubmitDetails }
  | { readonly tool: "ask_person"; readonly question: string; readonly details: AskDetails }
  /** A reply without calls: the planner said it was done. */
  | { readonly tool: "end" }
  /** A call that was not run, or whose result says nothing a program could read. */
  | { readonly tool: "unusable"; readonly name: string; readonly text: string };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;
/** An object that has the keys by which its type is told; what the keys hold was written by this program. */
const having = <T>(...keys: readonly string[]) => z.custom<T>((value) => isObject(value) && keys.every((key) => key in value));

const details = {
  survey: having<SurveyDetails>("survey", "facts", "contradictions", "system", "nixpkgs", "yes"),
  propose_edit: having<ProposalDetails>("accepted", "pending", "stage", "problems", "diagnoses"),
  nix_build: having<BuildDetails>("ok", "attribute"),
  nix_eval: having<EvalDetails>("ok"),
  nix_attr: having<AttributeFacts>("attribute", "exists"),
  check_criteria: having<CriteriaDetails>("ok", "criteria"),
  submit_crq: having<SubmitDetails>("accepted", "diagnostics"),
  ask_person: having<AskDetails>("answer"),
} as const;

const asking = z.object({ question: z.string() });
const proposal = z.object({ edits: z.array(editSchema), amend: z.boolean().default(false) });

function step(call: ToolCall, message: Extract<Message, { role: "tool" }>): Step {
  const unusable: Step = { tool: "unusable", name: call.tool, text: message.text };
  const read = <T>(schema: z.ZodType<T>): T | undefined => schema.safeParse(message.details).data;
  switch (call.tool) {
    case "survey": {
      const found = read(details.survey);
      return found ? { tool: "survey", details: found } : unusable;
    }
    case "propose_edit": {
      const found = read(details.propose_edit);
      const sent = proposal.safeParse(JSON.parse(call.arguments)).data;
      return found && sent ? { tool: "propose_edit", ...sent, details: found } : unusable;
    }
    case "propose_lattice":
    case "propose_step_flakes": {
      const found = read(details.propose_edit);
      return found ? { tool: call.tool, details: found } : unusable;
    }
    case "nix_build": {
      const found = read(details.nix_build);
      return found ? { tool: "nix_build", details: found } : unusable;
    }
    case "nix_eval": {
      const found = read(details.nix_eval);
      return found ? { tool: "nix_eval", details: found } : unusable;
    }
    case "nix_attr": {
      const found = read(details.nix_attr);
      return found ? { tool: "nix_attr", details: found } : unusable;
    }
    case "check_criteria": {
      const found = read(details.check_criteria);
      return found ? { tool: "check_criteria", details: found } : unusable;
    }
    case "submit_crq": {
      const found = read(details.submit_crq);
      return found ? { tool: "submit_crq", details: found } : unusable;
    }
    case "ask_person": {
      const found = read(details.ask_person);
      const sent = asking.safeParse(JSON.parse(call.arguments)).data;
      return found && sent ? { tool: "ask_person", ...sent, details: found } : unusable;
    }
    default:
      return unusable;
  }
}

/** Steps in order; a call whose result is not there yet gives none. */
export function readTranscript(messages: readonly Message[]): readonly Step[] {
  const calls = new Map<string, ToolCall>();
  const steps: Step[] = [];
  for (const message of messages) {
    if (message.role === "user") steps.push({ tool: "user", text: message.text });
    else if (message.role === "assistant") {
      for (const call of message.calls) calls.set(call.id, call);
      if (message.calls.length === 0) steps.push({ tool: "end" });
    } else {
      const call = calls.get(message.callId);
      if (call) steps.push(step(call, message));
    }
  }
  return steps;
}

/** All diagnoses a step brought, root cause first. */
export function diagnosesOf(found: Step): readonly Diagnosis[] {
  switch (found.tool) {
    case "propose_edit":
    case "propose_lattice":
    case "propose_step_flakes":
      return found.details.diagnoses;
    case "nix_build":
    case "nix_eval":
      return found.details.ok ? [] : found.details.diagnoses;
    case "check_criteria":
      return found.details.criteria.flatMap((criterion) => criterion.diagnoses);
    case "user":
    case "survey":
    case "nix_attr":
    case "submit_crq":
    case "ask_person":
    case "end":
    case "unusable":
      return [];
  }
}
