import type { Waiver } from "../../model.ts";
import type { Baseline } from "../baseline.ts";
import { judgeBaseline } from "../baseline.ts";
import type { CriterionOutcome } from "../outcomes.ts";
import { describeWeakening, namesWeakening } from "../weakening/waivers.ts";
import type { CanaryEvidence, CrqReport, GateFailure, GateRule, WeakeningEvidence } from "./evidence.ts";

/** Whether the work counts as done (crq-format §8), and the exit code that follows. Pure. */

export interface GateFacts {
  readonly outcomes: readonly CriterionOutcome[];
  readonly baseline: Baseline | undefined;
  readonly canaries: readonly CanaryEvidence[];
  readonly weakenings: readonly WeakeningEvidence[];
  /** Waivers of the document that name a weakening and do not count: proposed by an agent, or over. Absent: none. */
  readonly idleWaivers?: readonly Waiver[];
  /** What was changed that nobody but a person may change, one sentence each. */
  readonly tampering: readonly string[];
}

export function judgeGate(facts: GateFacts): { readonly ok: boolean; readonly failures: readonly GateFailure[] } {
  const failures: GateFailure[] = [
    ...facts.tampering.map((detail): GateFailure => ({ rule: "tampering", detail })),
    ...(facts.outcomes.length === 0 ? [{ rule: "no-criteria", detail: "the CRQ has no acceptance criterion" } as const] : []),
    ...facts.outcomes.flatMap((outcome) => criterionFailure(outcome)),
    ...baselineFailures(facts.baseline, waivedOf(facts.outcomes)),
    ...facts.canaries
      .filter((canary) => canary.accepted)
      .map(
        ({ kind }): GateFailure => ({
          rule: "canary-accepted",
          detail: `checks of kind ${kind} accept a known bad example on this machine`,
        }),
      ),
    ...facts.weakenings
      .filter((weakening) => !weakening.waived)
      .map((weakening) => weakeningFailure(weakening, facts.idleWaivers ?? [])),
  ];
  return { ok: failures.length === 0, failures };
}

function criterionFailure({ criterion, verdict, reason }: CriterionOutcome): GateFailure[] {
  if (verdict === "pass" || verdict === "waived") return [];
  return [{ rule: "criterion", detail: `${verdict}: ${reason}`, ac: criterion.id }];
}

const waivedOf = (outcomes: readonly CriterionOutcome[]): ReadonlySet<string> =>
  new Set(outcomes.filter(({ verdict }) => verdict === "waived").map(({ criterion }) => criterion.id));

function baselineFailures(baseline: Baseline | undefined, waived: ReadonlySet<string>): GateFailure[] {
  if (!baseline) return [{ rule: "no-baseline", detail: "the criteria were not tried at the base commit" }];
  const { incomplete, red } = judgeBaseline(baseline, waived);
  const [first] = incomplete;
  if (first) {
    const others = incomplete.length > 1 ? ` (and ${incomplete.length - 1} more)` : "";
    return [
      {
        rule: "baseline-incomplete",
        detail: `at the base commit ${first.criterion}.${first.index} was ${first.verdict}: ${first.reason}${others}`,
      },
    ];
  }
  if (red) return [];
  return [
    {
      rule: "nothing-red-at-base",
      detail: "no check was red at the base commit for its content, so the criteria do not show that anything changed",
    },
  ];
}

function weakeningFailure(weakening: WeakeningEvidence, idle: readonly Waiver[]): GateFailure {
  const { ac } = weakening;
  return {
    rule: "weakening",
    detail: `${describeWeakening(weakening)} weakens what is checked; ${wayOut(weakening, idle)}`,
    ...(ac !== undefined && { ac }),
  };
}

/** A waiver that stands there and does not count would else be asked for again, word for word. */
function wayOut(weakening: WeakeningEvidence, idle: readonly Waiver[]): string {
  const name = `\`${weakening.pattern}:${weakening.file}\``;
  const there = idle.find((waiver) => namesWeakening(waiver, weakening));
  if (!there) return `a person can add a waiver for ${name}`;
  return there.by.startsWith("human:")
    ? `the waiver for it ended on ${there.until}; a person can give it anew`
    : `the waiver for it is only proposed, by ${there.by}, and counts once a person has approved it`;
}

/** Failures that only say that something is not known yet. */
const INCOMPLETE: ReadonlySet<GateRule> = new Set(["no-baseline", "baseline-incomplete"]);
const INCOMPLETE_VERDICTS: ReadonlySet<string> = new Set(["unavailable", "manual", "skipped"]);

/** Whether a failure of the gate says that something is not known, not that it is wrong. */
export const saysOnlyUnknown = (rule: GateRule): boolean => INCOMPLETE.has(rule);

/** 0 ok · 1 fail, vacuous or another finding · 4 incomplete · 6 tampering; the worst wins: 6, then 1, then 4. */
export function reportExitCode(report: Pick<CrqReport, "gate" | "criteria">): 0 | 1 | 4 | 6 {
  if (report.gate.ok) return 0;
  const verdicts = new Map(report.criteria.map((criterion) => [criterion.id, criterion.verdict]));
  const { failures } = report.gate;
  if (failures.some((failure) => failure.rule === "tampering")) return 6;
  const onlyUnknown = failures.every(
    ({ rule, ac }) =>
      INCOMPLETE.has(rule) || (rule === "criterion" && ac !== undefined && INCOMPLETE_VERDICTS.has(verdicts.get(ac) ?? "")),
  );
  return onlyUnknown ? 4 : 1;
}
