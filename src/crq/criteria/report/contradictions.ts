import type { CrqReport } from "./evidence.ts";

/**
 * Where a report contradicts itself, one sentence each: this program never writes such a one, so somebody else did. A report that was changed
 * throughout is not found out here; only another `verify` is proof. Pure.
 */
export function contradictions(report: CrqReport): readonly string[] {
  const { criteria, gate, totals, weakenings, canaries } = report;
  const count = (verdict: string): number => criteria.filter((criterion) => criterion.verdict === verdict).length;
  const wrongTotals = Object.entries(totals).some(
    ([name, total]) => total !== (name === "criteria" ? criteria.length : count(name)),
  );
  const unproven = criteria.filter(({ verdict }) => verdict !== "pass" && verdict !== "waived");
  return [
    ...criteria
      .filter(({ verdict, checks }) => verdict === "pass" && !checks.some((check) => check.verdict === "pass"))
      .map(({ id }) => `${id} is pass although none of its checks is`),
    ...(gate.ok ? unproven.map(({ id, verdict }) => `its gate is ok although ${id} is ${verdict}`) : []),
    ...(gate.ok && weakenings.some(({ waived }) => !waived) ? ["its gate is ok although a weakening is open"] : []),
    ...(gate.ok && canaries.some(({ accepted }) => accepted) ? ["its gate is ok although a bad example was accepted"] : []),
    ...(gate.ok === gate.failures.length > 0
      ? [`its gate is ${gate.ok ? "ok" : "not ok"} with ${gate.failures.length} failures`]
      : []),
    ...(wrongTotals ? ["its totals are not those of its criteria"] : []),
  ];
}
