import { z } from "zod";
import type { Event } from "../../../agent/events.ts";
import type { ToolCall } from "../../../agent/messages.ts";
import { toolArguments } from "../../../tools/contract.ts";
import type { TrialRow } from "../../results/trial-row.ts";

type Process = TrialRow["process"];

/** Tools whose result says whether an edit was taken. */
const PROPOSING: ReadonlySet<string> = new Set(["propose_edit", "propose_lattice", "propose_step_flakes", "submit_crq"]);

const judged = z.object({ accepted: z.boolean(), stage: z.string().exactOptional() });
const answered = z.object({ ok: z.boolean() });

const KNOWN = new Map<string, z.ZodType>(Object.entries(toolArguments));

/** How a trial went, counted from its journals. Pure; names that a model made up are keys like any other. */
export function processCounts(events: readonly Event[]): Process {
  const tools = new Map<string, number>();
  const refused = new Map<string, number>();
  const mechanics = new Map<string, number>();
  const calls = new Map<string, ToolCall>();
  const failures = new Set<string>();
  const failedBuilds = new Set<string>();
  let [turns, invalidCalls, proposals, builds, failed, repeats] = [0, 0, 0, 0, 0, 0];
  const first: { eval?: number; build?: number; done?: number } = {};
  for (const event of events) {
    switch (event.type) {
      case "reply":
        turns++;
        break;
      case "call":
        calls.set(event.call.id, event.call);
        count(tools, event.call.tool);
        if (!isValid(event.call)) invalidCalls++;
        break;
      case "result": {
        const call = calls.get(event.callId);
        const proposal = PROPOSING.has(event.tool) ? judged.safeParse(event.details) : undefined;
        if (proposal?.success) {
          proposals++;
          if (!proposal.data.accepted) count(refused, proposal.data.stage ?? "lint");
          // The gate evaluates what it accepts.
          else if (event.tool !== "submit_crq") first.eval ??= turns;
        }
        if (event.tool === "nix_eval" && answered.safeParse(event.details).data?.ok) first.eval ??= turns;
        if (event.isError && call) {
          const failure = JSON.stringify([call.tool, call.arguments, event.text]);
          if (failures.has(failure)) repeats++;
          failures.add(failure);
        }
        break;
      }
      case "build": {
        builds++;
        if (event.ok) first.build ??= turns;
        else {
          failed++;
          const failure = JSON.stringify([event.installable, event.fingerprint]);
          if (event.fingerprint !== undefined && failedBuilds.has(failure)) repeats++;
          failedBuilds.add(failure);
        }
        break;
      }
      case "mechanic":
        count(mechanics, event.name);
        break;
      case "outcome":
        // Of several sessions the last one counts: a draft that is done is not yet a change.
        if (event.outcome.kind === "done") first.done = turns;
        else delete first.done;
        break;
      default:
    }
  }
  return {
    turns,
    tools: Object.fromEntries(tools),
    invalidCalls,
    proposals,
    refused: Object.fromEntries(refused),
    builds,
    failedBuilds: failed,
    repeats,
    mechanics: Object.fromEntries(mechanics),
    // Before the first turn mechanics alone were at work.
    ...(first.eval && { firstEvalTurn: first.eval }),
    ...(first.build && { firstBuildTurn: first.build }),
    ...(first.done && { doneTurn: first.done }),
  };
}

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

/** Whether the loop could run it: a tool that exists, arguments that fit. */
function isValid({ tool, arguments: received }: ToolCall): boolean {
  const schema = KNOWN.get(tool);
  if (schema === undefined) return false;
  try {
    return schema.safeParse(JSON.parse(received.trim() === "" ? "{}" : received)).success;
  } catch {
    return false;
  }
}
