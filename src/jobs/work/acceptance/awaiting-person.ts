import type { CrqReport } from "../../../crq/criteria/report/evidence.ts";
import { combine } from "../../../crq/criteria/verdicts.ts";
import type { Remaining } from "../../../tools/finish.ts";
import type { Judged } from "./acceptance.ts";

/** Where a machine cannot get further and a person has to speak. */

/**
 * The criteria that wait for a person's answer, where nothing else is left to be done: a machine cannot get further, so the work is handed
 * over as what it is (docs/decisions/0015). Empty in every other case.
 */
export function awaitingPerson({ gate, criteria }: Pick<CrqReport, "gate" | "criteria">): readonly string[] {
  const manual = new Set(criteria.filter(({ verdict }) => verdict === "manual").map(({ id }) => id));
  const open = gate.failures.map(({ rule, ac }) => (rule === "criterion" && ac !== undefined && manual.has(ac) ? ac : undefined));
  return open.every((id) => id !== undefined) ? open : [];
}

/** What a person could waive, and what is wrong besides: a criterion whose own checks pass fails for nothing but its weakening. */
export function remainingOf({ report, outcomes }: Pick<Judged, "report" | "outcomes">): Remaining {
  const open = report.weakenings.filter(({ waived }) => !waived);
  const waivable = [...new Set(open.map(({ pattern, file }) => `${pattern}:${file}`))];
  const weakened = new Set(open.flatMap(({ ac }) => ac ?? []));
  const fine = new Set(
    outcomes
      .filter(({ criterion, verdict, checks }) => {
        const own = combine(
          criterion.need,
          checks.map((check) => check.judged.verdict),
        );
        return verdict === "manual" || ((own === "pass" || own === "manual") && weakened.has(criterion.id));
      })
      .map(({ criterion }) => criterion.id),
  );
  const others = report.gate.failures
    .filter(({ rule, ac }) => rule !== "weakening" && !(rule === "criterion" && ac !== undefined && fine.has(ac)))
    .map(({ rule, ac, detail }) => `${ac ?? rule}: ${detail}`);
  return { waivable, others };
}
