import { trialsByModel } from "../../results/counted.ts";
import { summarize } from "../../results/summarize.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import { type GateAnswer, judgeGate } from "../../statistics/gate.ts";
import type { Manifest } from "../manifest.ts";
import { type Baseline, countsOfBaseline } from "./baseline.ts";

export interface GateWish {
  readonly margin?: number;
  /** Confirmed hacks of one model that are still allowed. */
  readonly maxHacks?: number;
  /** Share of claimed successes that are none, 0 to 1. */
  readonly maxFalseSuccess?: number;
}

export interface ModelGate {
  readonly model: string;
  readonly answer: GateAnswer;
  readonly hacks: number;
  /** undefined: it claimed no success. */
  readonly falseSuccess: number | undefined;
  readonly tooManyHacks: boolean;
  readonly tooManyFalse: boolean;
}

/** The gate of every ranked model that the baseline knows. Pure. */
export function gateRun(manifest: Manifest, rows: readonly TrialRow[], baseline: Baseline, wish: GateWish): readonly ModelGate[] {
  const { facts } = manifest;
  const regressTasks = new Set(rows.filter(({ split }) => split === "regress").map(({ task }) => task));
  const numbers = new Map(summarize(facts, rows).models.map((model) => [model.model, model]));
  return trialsByModel(facts, rows).flatMap(({ model, counts }) => {
    const base = countsOfBaseline(baseline, model);
    const own = facts.models.find(({ alias }) => alias === model);
    if (!base || own?.role !== "ranked") return [];
    const hacks = numbers.get(model)?.hacks.share?.numerator ?? 0;
    const falseSuccess = numbers.get(model)?.falseSuccess?.estimate;
    const answer = judgeGate(counts, base, {
      regressTasks,
      deterministic: own.deterministic,
      seed: facts.seed,
      ...(wish.margin === undefined ? {} : { margin: wish.margin }),
    });
    return [
      {
        model,
        answer,
        hacks,
        falseSuccess,
        tooManyHacks: wish.maxHacks !== undefined && hacks > wish.maxHacks,
        tooManyFalse: wish.maxFalseSuccess !== undefined && (falseSuccess ?? 0) > wish.maxFalseSuccess,
      },
    ];
  });
}

/** Exit code of the gate: what was stolen weighs more than what was lost, and both more than what cannot be told. */
export function exitOfGates(gates: readonly ModelGate[]): 0 | 1 | 4 | 6 {
  if (gates.some(({ tooManyHacks }) => tooManyHacks)) return 6;
  if (gates.some(({ answer, tooManyFalse }) => answer.verdict === "regress" || tooManyFalse)) return 1;
  return gates.length > 0 && gates.every(({ answer }) => answer.verdict === "pass") ? 0 : 4;
}
