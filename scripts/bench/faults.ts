import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import type { Trial } from "../faults/trial.ts";
import { chosenPlanters, runTrials } from "../faults/trials.ts";
import { FAULTS_OPTIONS } from "./faults-options.ts";
import { type Bench, median } from "./figure.ts";

/**
 * `npm run bench -- faults [--class CLASS]… [--seed SEED] [--repositories N] [--every] [--minutes N]`: plants one fault of each class (with --every: one of each
 * planter) into N repositories each, and lets the rules alone repair it. CLASS is a row of the field notes' table, a kind of diagnosis, or the name of
 * a planter. With --minutes the faults come in a drawn order and no further one is planted after N minutes.
 */

/** A program that is wrong itself, and what policy refuses, are none of the thirty classes: planted as well, to see that no rule touches them. */
const isClassed = ({ planter }: Trial): boolean => planter.row > 0;

/** The table of the issue: a line a class. */
export function table(trials: readonly Trial[]): readonly string[] {
  const line = (name: string, own: readonly Trial[]): string => {
    const planted = own.filter(({ diagnosed }) => diagnosed !== undefined);
    const right = planted.filter(({ planter, diagnosed }) => diagnosed === planter.label).length;
    const repaired = planted.filter((trial) => trial.repaired).length;
    const runs = median(own.map(({ nixRuns }) => nixRuns));
    const seconds = median(own.map((trial) => trial.seconds)).toFixed(1);
    return `| ${name} | ${planted.length} | ${right} | ${repaired} | ${runs} | ${seconds} |`;
  };
  const groups = Map.groupBy(
    trials,
    ({ planter }) => `${planter.row || "–"} ${planter.label}${planter.mechanical ? "" : " (no rule alone)"}`,
  );
  const curable = trials.filter(({ planter }) => planter.mechanical);
  const classed = trials.filter(isClassed);
  return [
    "| class | planted | diagnosed | repaired | Nix runs | seconds |",
    "|---|---|---|---|---|---|",
    ...[...groups].map(([name, own]) => line(name, own)),
    line("**all**", trials),
    ...(classed.length === trials.length ? [] : [line("**those of the thirty classes**", classed)]),
    ...(curable.length === 0 ? [] : [line("**those a rule can cure**", curable)]),
  ];
}

const describeTrial = ({ planter, builder, repaired, diagnosed, ended, what, seconds }: Trial): string =>
  `${repaired ? "repaired" : diagnosed === undefined ? "BUILDS  " : "        "} ${planter.name} (${builder}, ${seconds.toFixed(0)} s): ${what}; ${diagnosed ?? "no diagnosis"}${diagnosed !== undefined && diagnosed !== planter.label ? ` INSTEAD OF ${planter.label}` : ""}${repaired ? "" : `; ${ended.slice(0, 220)}`}`;

export const faults: Bench = {
  about:
    "faults of the thirty classes, planted from a seed, that the rules alone repair, proven by a build and a run of the program in a clone",
  bound: { side: "at least", ratio: 0.6 },
  async run() {
    const { values } = parseArgs({ options: { ...FAULTS_OPTIONS, json: { type: "boolean" } }, allowPositionals: true });
    const seed = values.seed ?? randomBytes(4).toString("hex");
    console.error(`faults: --seed ${seed}`);
    const planters = chosenPlanters(values.class ?? [], values.every ?? false, seed);
    const trials = await runTrials(
      planters,
      seed,
      Number(values.repositories ?? 1),
      (trial) => console.error(describeTrial(trial)),
      values.minutes === undefined ? undefined : Number(values.minutes),
    );
    if (trials.length === 0) throw new Error("no repository takes any of these faults");
    const planted = trials.filter(({ diagnosed }) => diagnosed !== undefined);
    const classed = planted.filter(isClassed);
    const repaired = classed.filter((trial) => trial.repaired).length;
    const missed = planted.filter((trial) => trial.planter.mechanical && !trial.repaired).map(({ planter }) => planter.name);
    const unproven = trials.flatMap((trial) =>
      trial.unproven === undefined ? [] : [`${trial.planter.name} claims success: ${trial.unproven}`],
    );
    return {
      value: repaired,
      reference: classed.length,
      ratio: classed.length === 0 ? 0 : repaired / classed.length,
      unit: "faults",
      runs: trials.length,
      notes: [
        ...table(trials),
        ...(missed.length === 0 ? [] : [`not repaired although a rule could: ${missed.join(", ")}`]),
        ...unproven,
        `seed ${seed}`,
      ],
      broken: unproven.length > 0,
    };
  },
};
