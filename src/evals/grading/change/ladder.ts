import type { Gate, TrialRow } from "../../results/trial-row.ts";
import type { GateResults } from "./gate.ts";

type Stage = TrialRow["stage"];

/** Gates that a stage asks for; one that is off asks for nothing. */
const RUNGS: readonly (readonly [Stage, readonly Gate[]])[] = [
  ["patch", ["patch"]],
  ["parses", ["parse"]],
  ["evaluates", ["outputs", "lock"]],
  ["checks", ["checks"]],
  ["builds", ["build"]],
  ["runs", ["golden"]],
  ["follows", ["shadow", "metamorphic", "preserved"]],
];

/** All gates that are not off pass (evals.md §5.1). A gate that was skipped proves nothing. */
export const isResolved = (gates: GateResults): boolean =>
  Object.values(gates).every(({ verdict }) => verdict === "pass" || verdict === "off");

/** The furthest stage without a gap. */
export function stageReached(gates: GateResults): Stage {
  if (isResolved(gates)) return "resolved";
  let reached: Stage = "none";
  for (const [stage, asked] of RUNGS) {
    if (!asked.every((name) => gates[name] === undefined || gates[name].verdict === "pass" || gates[name].verdict === "off"))
      break;
    reached = stage;
  }
  return reached;
}
