import { expect, test } from "vitest";
import type { PlannedTrial } from "../../../../src/evals/run/manifest.ts";
import { plannedIn, strangeRow } from "../../../../src/evals/run/plan/row-of-plan.ts";

const trial: PlannedTrial = { key: "0a", task: "words", taskHash: "0b", model: "real", repeat: 1, block: 0 };

test("a row is of the trial whose task, model and repeat it names, not of any trial whose key it bears", () => {
  expect(strangeRow(trial, trial)).toBeUndefined();
  expect(strangeRow({ ...trial, model: "other" }, trial)).toBe("model is other, and real was planned");
  expect(strangeRow({ ...trial, task: "ledger" }, trial)).toBe("task is ledger, and words was planned");
});

test("a job is carried out as the plan has it, or not at all", () => {
  expect(plannedIn([trial], { ...trial })).toBe(trial);
  for (const strange of [{ key: "0c" }, { task: "ledger" }, { repeat: 2 }, { block: 7 }, { model: "oracle" }])
    expect(plannedIn([trial], { ...trial, ...strange })).toBeUndefined();
});
