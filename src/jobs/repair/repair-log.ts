import { z } from "zod";
import type { EventBody } from "../../agent/events.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { BuildDetails, ProposalDetails } from "../../tools/contract.ts";

/** What a repair did, read from the events of its walk. */

/** One thing that was changed: by a rule of the Nix room, or by an edit that a model (the rules included) proposed. */
export interface Repair {
  readonly by: "mechanic" | "edit";
  /** `replace-hash` and so on; of an edit `propose_edit`. */
  readonly name: string;
  /** One sentence. */
  readonly detail: string;
  readonly paths: readonly string[];
}

export interface RepairLog {
  readonly repairs: readonly Repair[];
  readonly builds: number;
  /** What the last build of each attribute failed with, as long as it does; the latest failure is the last. */
  readonly wrong: ReadonlyMap<string, Diagnosis>;
  /** Why the edit that is being judged was proposed. */
  readonly why: string;
}

const having = <T>(...keys: readonly string[]) =>
  z.custom<T>((value) => value instanceof Object && keys.every((key) => key in value));
const buildDetails = having<BuildDetails>("ok", "attribute");
const proposalDetails = having<ProposalDetails>("accepted", "changed", "diagnoses");
const proposed = z.object({ why: z.string() });

export function withEvent(log: RepairLog, event: EventBody): RepairLog {
  switch (event.type) {
    case "mechanic": {
      const { name, detail, paths } = event;
      // What was tried and undone names what it undid.
      if (name === "undo") return { ...log, repairs: log.repairs.filter((repair) => !detail.includes(repair.detail)) };
      return { ...log, repairs: [...log.repairs, { by: "mechanic", name, detail, paths }] };
    }
    case "build":
      return { ...log, builds: log.builds + 1, wrong: event.ok ? without(log.wrong, event.installable) : log.wrong };
    case "call":
      return event.call.tool === "propose_edit" ? { ...log, why: whyOf(event.call.arguments) } : log;
    case "result":
      return withResult(log, event);
    default:
      return log;
  }
}

function withResult(log: RepairLog, { tool, details }: Extract<EventBody, { type: "result" }>): RepairLog {
  if (tool === "nix_build") {
    const build = buildDetails.safeParse(details).data;
    return build ? withWrong(log, build.attribute, build.ok ? undefined : build.diagnoses[0]) : log;
  }
  if (tool !== "propose_edit") return log;
  const proposal = proposalDetails.safeParse(details).data;
  if (!proposal) return log;
  const refused = proposal.accepted ? undefined : proposal.diagnoses[0];
  if (!proposal.accepted) return refused ? withWrong(log, PROPOSAL, refused) : log;
  const detail = log.why === "" ? `edited ${proposal.changed.join(", ")}` : log.why;
  return { ...log, repairs: [...log.repairs, { by: "edit", name: tool, detail, paths: proposal.changed }] };
}

/** An edit that was refused is of no attribute. */
const PROPOSAL = "";

/** @param wrong undefined: the attribute stands */
export function withWrong(log: RepairLog, attribute: string, wrong: Diagnosis | undefined): RepairLog {
  const others = without(without(log.wrong, PROPOSAL), attribute);
  return { ...log, wrong: wrong ? new Map([...others, [attribute, wrong]]) : others };
}

const without = (wrong: RepairLog["wrong"], attribute: string): RepairLog["wrong"] =>
  new Map([...wrong].filter(([each]) => each !== attribute));

function whyOf(written: string): string {
  try {
    return proposed.safeParse(JSON.parse(written)).data?.why ?? "";
  } catch {
    // A model's arguments need not be JSON; the tool says so itself.
    return "";
  }
}
