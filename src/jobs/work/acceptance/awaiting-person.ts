import type { CrqReport } from "../../../crq/criteria/report/evidence.ts";

/**
 * The criteria that wait for a person's answer, where nothing else is left to be done: a machine cannot get further, so the work is handed
 * over as what it is (docs/decisions/0015). Empty in every other case.
 */
export function awaitingPerson({ gate, criteria }: Pick<CrqReport, "gate" | "criteria">): readonly string[] {
  const manual = new Set(criteria.filter(({ verdict }) => verdict === "manual").map(({ id }) => id));
  const open = gate.failures.map(({ rule, ac }) => (rule === "criterion" && ac !== undefined && manual.has(ac) ? ac : undefined));
  return open.every((id) => id !== undefined) ? open : [];
}
