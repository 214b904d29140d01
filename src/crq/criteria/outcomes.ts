import { type CheckKind, TIERS } from "../checks.ts";
import type { Criterion, Verdict, Waiver } from "../model.ts";
import { type Baseline, type BaselineJudgement, judgeBaseline } from "./baseline.ts";
import type { CheckResult, CheckVerdict } from "./check/result.ts";
import type { WeakeningEvidence } from "./report/evidence.ts";
import type { AcceptanceRun, CheckRun } from "./runner.ts";
import { combine, waiverFor, withWaiver } from "./verdicts.ts";
import { describeWeakening } from "./weakening/waivers.ts";

/** Observations, baseline, canaries and waivers become the verdict of each criterion. Pure. */

export interface JudgedCheck extends CheckRun {
  /** The result after baseline and canaries; `run.result` is what was observed. */
  readonly judged: CheckResult;
}

export interface CriterionOutcome {
  readonly criterion: Criterion;
  readonly verdict: Verdict;
  /** Of the check that decided, or of the waiver. */
  readonly reason: string;
  readonly checks: readonly JudgedCheck[];
  readonly waiver?: Waiver;
}

export interface OutcomeFacts {
  readonly run: AcceptanceRun;
  /** undefined: the baseline was not taken (then nothing is already true, and the gate says that it is missing). */
  readonly baseline: Baseline | undefined;
  /** Kinds whose canary was accepted. */
  readonly acceptedCanaries: ReadonlySet<CheckKind>;
  readonly waivers: readonly Waiver[];
  /** What the change weakened, each tied to the criterion it takes from; those that a person waived take nothing. */
  readonly weakenings?: readonly WeakeningEvidence[];
  /** ISO date. */
  readonly today: string;
}

export function outcomesOf(facts: OutcomeFacts): readonly CriterionOutcome[] {
  const baseline = facts.baseline && judgeBaseline(facts.baseline);
  return facts.run.criteria.map(({ criterion, checks }) => {
    const judged = checks.map((check) => ({ ...check, judged: judge(check, baseline, facts.acceptedCanaries) }));
    const combined = combine(
      criterion.need,
      judged.map((check) => check.judged.verdict),
    );
    const weakened = (facts.weakenings ?? []).filter(({ ac, waived }) => ac === criterion.id && !waived);
    const decisive = decisiveOf(judged, combined);
    const waiver = waiverFor(criterion.id, facts.waivers, facts.today);
    const unwaived = weakened.length > 0 ? "fail" : combined;
    const verdict = withWaiver(unwaived, waiver);
    const observed = decisive?.judged.reason ?? "the criterion has no check";
    const reason =
      weakened.length === 0
        ? observed
        : `weakened: ${weakened.map(describeWeakening).join("; ")} (its checks: ${combined}: ${observed})`;
    return {
      criterion,
      verdict,
      reason:
        verdict === "waived" && waiver
          ? `${waiver.reason} (waived by ${waiver.by} until ${waiver.until}; ${unwaived}: ${reason})`
          : reason,
      checks: judged,
      ...(verdict === "waived" && waiver && { waiver }),
    };
  });
}

/** The first check with the verdict; of passes the one that proves most. */
function decisiveOf(judged: readonly JudgedCheck[], verdict: CheckVerdict): JudgedCheck | undefined {
  const agreeing = judged.filter((check) => check.judged.verdict === verdict);
  if (verdict !== "pass") return agreeing[0];
  return agreeing.reduce<JudgedCheck | undefined>(
    (best, check) => (best === undefined || TIERS.indexOf(check.judged.tier) > TIERS.indexOf(best.judged.tier) ? check : best),
    undefined,
  );
}

/** A pass that proves nothing becomes vacuous; everything else stays. */
function judge(check: CheckRun, baseline: BaselineJudgement | undefined, accepted: ReadonlySet<CheckKind>): CheckResult {
  const { result } = check;
  if (result.verdict !== "pass") return result;
  if (accepted.has(check.check.kind)) {
    return {
      ...result,
      verdict: "vacuous",
      code: "canary-accepted",
      reason: `checks of kind ${check.check.kind} accepted a known bad example on this machine, so their pass proves nothing`,
    };
  }
  if (baseline?.alreadyTrue.has(`${check.criterion}.${check.index}`)) {
    return {
      ...result,
      verdict: "vacuous",
      code: "already-true",
      reason: `this was true before the change already (${result.reason}); say \`regression = true\` if it is meant to stay true`,
    };
  }
  return result;
}

/**
 * Whether a criterion fails because a program that was built did something else than was expected, and for nothing else. One whose checks all pass
 * fails for what the change took away.
 */
export function ranOtherwise({ verdict, checks }: Pick<CriterionOutcome, "verdict" | "checks">): boolean {
  const otherwise = ({ judged: { verdict: of, code, tier } }: JudgedCheck): boolean =>
    of === "fail" && tier === "run" && (code === "mismatch" || code === "exit");
  return (
    verdict === "fail" && checks.some(otherwise) && checks.every((check) => check.judged.verdict === "pass" || otherwise(check))
  );
}
