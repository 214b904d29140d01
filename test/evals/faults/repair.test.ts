import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { chosenPlanters, runTrials } from "../../../scripts/faults/trials.ts";

/**
 * One planted fault against `crq-agent repair`, for every run of the tests; all of them are in repair.slow.test.ts and `npm run bench -- faults`. The
 * seed is printed; CRQ_AGENT_SEED sets it.
 */
const seed = process.env.CRQ_AGENT_SEED ?? randomBytes(4).toString("hex");

test(`rules repair a misspelt attribute, and prove it (CRQ_AGENT_SEED=${seed})`, { timeout: 300_000 }, async () => {
  const trials = await runTrials(chosenPlanters(["misspelt-attribute"], true, seed), seed, 1, () => {});
  const short = trials.map(({ planter, diagnosed, repaired, unproven, ended }) => ({
    planter: planter.name,
    diagnosed,
    repaired,
    unproven,
    ended: repaired ? "repaired" : ended,
  }));
  expect(short).toEqual([
    { planter: "misspelt-attribute", diagnosed: "attribute", repaired: true, unproven: undefined, ended: "repaired" },
  ]);
});
