import type { Tally } from "../../agent/limits.ts";
import type { Outcome } from "../../agent/outcome.ts";
import { type Baseline, judgeBaseline } from "../../crq/criteria/baseline.ts";
import type { Crq } from "../../crq/model.ts";
import type { SessionState } from "../../session/fold.ts";
import { describeOutcomes, type Judged } from "./acceptance/acceptance.ts";
import { gateText } from "./conversation-texts.ts";

/** How the walk of a change ends, from what was seen on the way. Pure. */

/** Whether another model may do what the first could not; a limit of the run, an interruption or a person's decision ends it for both. */
export function mayGoOn({ kind }: Outcome): boolean {
  switch (kind) {
    case "gave-up":
    case "unmet":
    case "question":
      return true;
    case "done":
    case "partly":
    case "nothing-to-do":
    case "incomplete":
    case "limit":
    case "tampering":
    case "provider":
    case "infra":
    case "interrupted":
      return false;
  }
}

export const outcomeWords = (outcome: Outcome): string =>
  "detail" in outcome ? `${outcome.kind}: ${outcome.detail}` : outcome.kind;

/** What stands in the way: besides the criteria, else the first of them. */
export function unmetText({ report, outcomes }: Judged): string {
  const besides = gateText(report);
  if (besides.length > 0) return besides.join("; ");
  return describeOutcomes(outcomes.filter(({ verdict }) => verdict !== "pass" && verdict !== "waived").slice(0, 1));
}

/** Why no criterion was run on the work, in the words of its report. */
export const notRunBecause = (ended: Outcome, spent: Tally | undefined): string =>
  spent === undefined
    ? "not run again: nothing was changed since the criteria were tried at the starting point"
    : `not run: the work ended before its criteria were due (${ended.kind})`;

/** A script is a file of this machine; only what it is called is anybody else's business. */
export const publicName = (model: string): string => model.replace(/^(scripted:).*[/\\]/u, "$1");

export function endOf(crq: Crq, waiting: readonly string[]): Outcome {
  if (waiting.length === 0) return { kind: "done" };
  const answer = waiting.map((id) => `--answer ${id}=pass`).join(" ");
  const detail = `${waiting.join(", ")} ${waiting.length === 1 ? "waits" : "wait"} for a person; look at the change, then: crq-agent verify ${crq.metadata?.id ?? crq.path} ${answer} (or =fail)`;
  return { kind: "incomplete", detail };
}

/** What the baseline alone decides. */
export function beforeWork(baseline: Baseline, waived: ReadonlySet<string>, aborted: boolean): Outcome | undefined {
  if (aborted) return { kind: "interrupted" };
  const { incomplete, red } = judgeBaseline(baseline, waived);
  const first = incomplete[0];
  if (first) return { kind: "incomplete", detail: `${first.criterion} cannot be judged here: ${first.reason}` };
  if (red) return undefined;
  const unmet = baseline.checks.find((check) => check.verdict !== "pass");
  if (unmet === undefined) return { kind: "nothing-to-do", detail: "every criterion holds at the starting point already" };
  return {
    kind: "unmet",
    detail: `no check that reaches Nix is red for its content at the starting point (${unmet.criterion}: ${unmet.reason}), so the criteria could not show a change`,
  };
}

/**
 * The same of a session that had come to its work already: then it is this machine that has changed (no Nix, another one, no network). Work that
 * was paid for is kept until the criteria can be judged again.
 */
export const heldBack = (early: Outcome, { conversations }: Pick<SessionState, "conversations">): Outcome =>
  conversations.length === 0 || early.kind === "interrupted"
    ? early
    : {
        kind: "infra",
        detail: `the criteria no longer stand at the starting point as they did when the work began (${outcomeWords(early)}); the work is kept: put this machine right and resume`,
      };

/** Whether what stands of work that ended so may be handed over: nobody stopped it, and no answer of a person could change it. */
export function mayHandOverPart(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "gave-up":
    case "unmet":
      return true;
    case "limit":
      // To judge takes time, and none is left.
      return outcome.limit !== "wall";
    case "done":
    case "partly":
    case "nothing-to-do":
    case "question":
    case "incomplete":
    case "tampering":
    case "provider":
    case "infra":
    case "interrupted":
      return false;
  }
}
