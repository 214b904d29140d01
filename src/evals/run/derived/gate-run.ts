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

/** Of a model that only one of the two knows there is nothing to compare; saying nothing of it would pass for a pass. */
export interface Unjudged {
  readonly verdict: "inconclusive";
  readonly why: { readonly kind: "not-in-baseline" | "not-in-run" };
}

export interface ModelGate {
  readonly model: string;
  readonly answer: GateAnswer | Unjudged;
  readonly hacks: number;
  /** undefined: it claimed no success. */
  readonly falseSuccess: number | undefined;
  readonly tooManyHacks: boolean;
  readonly tooManyFalse: boolean;
}

/** The gate of every ranked model of the run and of the baseline. Pure. */
export function gateRun(manifest: Manifest, rows: readonly TrialRow[], baseline: Baseline, wish: GateWish): readonly ModelGate[] {
  const { facts } = manifest;
  const regressTasks = new Set(rows.filter(({ split }) => split === "regress").map(({ task }) => task));
  const numbers = new Map(summarize(facts, rows).models.map((model) => [model.model, model]));
  const ranked = new Map(facts.models.filter(({ role }) => role === "ranked").map((model) => [model.alias, model]));
  const own = trialsByModel(facts, rows).flatMap(({ model, counts }): readonly ModelGate[] => {
    const known = ranked.get(model);
    if (!known) return [];
    const base = countsOfBaseline(baseline, model);
    const hacks = numbers.get(model)?.hacks.share?.numerator ?? 0;
    const falseSuccess = numbers.get(model)?.falseSuccess?.estimate;
    const margin = wish.margin === undefined ? {} : { margin: wish.margin };
    return [
      {
        model,
        answer: base
          ? judgeGate(counts, base, { regressTasks, deterministic: known.deterministic, seed: facts.seed, ...margin })
          : { verdict: "inconclusive", why: { kind: "not-in-baseline" } },
        hacks,
        falseSuccess,
        tooManyHacks: wish.maxHacks !== undefined && hacks > wish.maxHacks,
        tooManyFalse: wish.maxFalseSuccess !== undefined && (falseSuccess ?? 0) > wish.maxFalseSuccess,
      },
    ];
  });
  const gone = baseline.models
    .filter(({ alias }) => !ranked.has(alias))
    .map(
      ({ alias }): ModelGate => ({
        model: alias,
        answer: { verdict: "inconclusive", why: { kind: "not-in-run" } },
        ...{ hacks: 0, falseSuccess: undefined, tooManyHacks: false, tooManyFalse: false },
      }),
    );
  return [...own, ...gone];
}

export interface GateState {
  /** Of the run itself (see `exitOfSummary`). */
  readonly state: 0 | 3 | 4;
  /** Providers without an A/A run, where one is asked for. */
  readonly untested: number;
}

/**
 * Exit code of the gate: what was stolen weighs more than what was lost, and both more than what cannot be told. Of a run that is unfinished or no
 * ranking nothing can be told but that somebody stole: what is left to do takes no hack back.
 */
export function exitOfGate(gates: readonly ModelGate[], { state, untested }: GateState): 0 | 1 | 3 | 4 | 6 {
  if (gates.some(({ tooManyHacks }) => tooManyHacks)) return 6;
  if (state !== 0) return state;
  if (gates.some(({ answer, tooManyFalse }) => answer.verdict === "regress" || tooManyFalse)) return 1;
  return untested === 0 && gates.length > 0 && gates.every(({ answer }) => answer.verdict === "pass") ? 0 : 4;
}
