import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { chosenPlanters, runTrials } from "../../../scripts/faults/trials.ts";

/** One fault of each planter against `crq-agent repair`. The seed is printed; CRQ_AGENT_SEED sets it. */
const seed = process.env.CRQ_AGENT_SEED ?? randomBytes(4).toString("hex");

test(`rules repair every fault that a rule can cure, and claim no other (CRQ_AGENT_SEED=${seed})`, {
  timeout: 5_400_000,
}, async () => {
  const trials = await runTrials(chosenPlanters([], true, seed), seed, 1, () => {});
  const told = trials.map(({ planter, builder, ended }) => `${planter.name} (${builder}): ${ended}`).join("\n");
  const planted = trials.filter(({ diagnosed }) => diagnosed !== undefined);
  const missed = planted.filter(({ planter, repaired }) => planter.mechanical && !repaired).map(({ planter }) => planter.name);
  const misread = planted.filter(({ planter, diagnosed }) => diagnosed !== planter.label).map(({ planter }) => planter.name);
  expect(
    trials.filter(({ unproven }) => unproven !== undefined),
    told,
  ).toEqual([]);
  expect({ missed, misread }, told).toEqual({ missed: [], misread: [] });
  expect(planted.filter(({ repaired }) => repaired).length / planted.length).toBeGreaterThanOrEqual(0.6);
});
