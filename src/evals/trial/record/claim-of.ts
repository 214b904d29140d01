import { z } from "zod";
import { type Event, outcomeSchema } from "../../../agent/events.ts";
import type { Outcome } from "../../../agent/outcome.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import type { Claim } from "../submission.ts";

/** What the verb's `--json` document says; only what a trial reads of it. */
const documentSchema = z.object({
  exit: z.int(),
  data: z
    .object({
      outcome: outcomeSchema.exactOptional(),
      /** Of a draft. */
      document: z.string().nullish(),
      report: reportOf().nullish(),
      /** Of a repair. */
      proof: z.object({ report: reportOf() }).nullish(),
    })
    .nullable(),
  diagnostics: z.array(z.object({ message: z.string() })).default([]),
});
export type VerbDocument = z.infer<typeof documentSchema>;

function reportOf() {
  return z.object({ criteria: z.array(z.object({ id: z.string(), verdict: z.string() })) });
}

/** The document on stdout; undefined where there is none: the program was killed, or broke. */
export function readDocument(stdout: string): VerbDocument | undefined {
  try {
    return documentSchema.safeParse(JSON.parse(stdout)).data;
  } catch {
    return undefined;
  }
}

/** How the program ended, as the host saw it. */
export interface ProgramEnd {
  /** null: a signal ended it. */
  readonly exit: number | null;
  readonly document: VerbDocument | undefined;
  readonly events: readonly Event[];
}

type Ending = Pick<Claim, "outcome" | "reason">;

/**
 * What the agent claims of its own work: the outcome of its document, else the last of its journals (a draft that ends `apply --task` has no
 * document of its own), else what its exit code says.
 */
export function claimOf({ exit, document, events }: ProgramEnd): Claim {
  const data = document?.data ?? undefined;
  const ended = data?.outcome ?? lastOutcome(events, exit);
  const ending = ended === undefined ? byExit(exit, document, events) : endingOf(ended);
  const report = data?.report ?? data?.proof?.report;
  return {
    schema: "crq-claim/1",
    ...ending,
    success: ending.outcome === "done" || ending.outcome === "nothing-to-do",
    criteria: (report?.criteria ?? []).map(({ id, verdict }) => ({ id, verdict })),
  };
}

/** A claim of a trial that the host itself ended. */
export const endedClaim = (outcome: Claim["outcome"], reason: string): Claim => ({
  schema: "crq-claim/1",
  outcome,
  success: false,
  reason,
  criteria: [],
});

export function endingOf(outcome: Outcome): Ending {
  switch (outcome.kind) {
    case "done":
      return { outcome: "done" };
    case "limit":
      return { outcome: `limit:${outcome.limit}`, reason: outcome.detail };
    case "gave-up":
      return { outcome: "gave-up", reason: outcome.reason };
    case "partly":
      return { outcome: "partly", reason: outcome.reason ?? outcome.detail };
    case "question":
      return { outcome: "question", reason: outcome.reason ?? outcome.detail };
    case "nothing-to-do":
    case "unmet":
    case "incomplete":
    case "tampering":
    case "provider":
    case "infra":
      return { outcome: outcome.kind, reason: outcome.detail };
    case "interrupted":
      return { outcome: "crash", reason: "it was interrupted" };
  }
}

/** Unless the program failed after that: then the journal's word is not its last. */
function lastOutcome(events: readonly Event[], exit: number | null): Outcome | undefined {
  const last = events.findLast((event) => event.type === "outcome")?.outcome;
  return last !== undefined && (last.kind === "done" || last.kind === "nothing-to-do") !== (exit === 0) ? undefined : last;
}

const LIMIT_EXITS = new Map<number, TrialRow["outcome"]>([
  [10, "limit:turns"],
  [11, "limit:tokens"],
  [12, "limit:usd"],
  [13, "limit:wall"],
  [14, "limit:builds"],
  [15, "limit:repeats"],
  [16, "limit:stagnation"],
]);

/** The documented exit codes (`crq-agent help exit-codes`). */
function byExit(exit: number | null, document: VerbDocument | undefined, events: readonly Event[]): Ending {
  const reason = document?.diagnostics[0]?.message;
  const because = reason === undefined ? {} : { reason };
  const limit = exit === null ? undefined : LIMIT_EXITS.get(exit);
  if (limit !== undefined) return { outcome: limit, ...because };
  switch (exit) {
    case 1:
      return { outcome: "unmet", ...because };
    case 2:
      // What the agent drafted cannot be applied; without a session the request itself was wrong.
      return { outcome: events.length > 0 ? "unmet" : "infra", ...because };
    case 4:
      return { outcome: "incomplete", ...because };
    case 5:
      return { outcome: "question", ...because };
    case 6:
      return { outcome: "tampering", ...because };
    case 7:
      return { outcome: "partly", ...because };
    case 20:
      return { outcome: "gave-up", ...because };
    case 21:
      return { outcome: "provider", ...because };
    default:
      return { outcome: "crash", reason: reason ?? `it ended with exit code ${exit}` };
  }
}
