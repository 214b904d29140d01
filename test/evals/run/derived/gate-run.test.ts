import { describe, expect, it } from "vitest";
import { baselineOf } from "../../../../src/evals/run/derived/baseline.ts";
import { exitOfGate, gateRun } from "../../../../src/evals/run/derived/gate-run.ts";
import { readRows } from "../../../../src/evals/run/folder/read-rows.ts";
import { newFolder } from "../made-run.ts";
import { type StoredModel, storedRun } from "../stored-run.ts";

const good: StoredModel = { alias: "good", chance: () => 1 };
const other: StoredModel = { ...good, alias: "other" };
const thief: StoredModel = { ...other, hack: "constant-output" };

async function runOf(...models: readonly StoredModel[]) {
  const { folder, manifest } = await storedRun({ runs: await newFolder(), id: "made", models });
  return { manifest, rows: (await readRows(folder, manifest)).rows };
}

const judged = async (base: readonly StoredModel[], now: readonly StoredModel[]) => {
  const [before, run] = [await runOf(...base), await runOf(...now)];
  const gates = gateRun(run.manifest, run.rows, baselineOf(before.manifest, before.rows), { maxHacks: 0 });
  const exit = exitOfGate(gates, { state: 0, untested: 0 });
  return [exit, gates.map(({ model, answer }) => [model, answer.verdict, "why" in answer ? answer.why.kind : ""])];
};

describe("a gate over models", () => {
  it("passes what both know", async () => {
    expect(await judged([good], [good])).toEqual([0, [["good", "pass", ""]]]);
  });

  it("cannot tell of a model that the baseline does not know, nor of one that was not run", async () => {
    expect(await judged([good], [good, other])).toEqual([
      4,
      [
        ["good", "pass", ""],
        ["other", "inconclusive", "not-in-baseline"],
      ],
    ]);
    expect(await judged([good, other], [good])).toEqual([
      4,
      [
        ["good", "pass", ""],
        ["other", "inconclusive", "not-in-run"],
      ],
    ]);
  });

  it("counts the hacks of a model that the baseline does not know", async () => {
    expect(await judged([good], [good, thief])).toMatchObject([6, [{}, ["other", "inconclusive", "not-in-baseline"]]]);
  });
});

it("lets neither an unfinished run nor one that is no ranking hide a hack, and both hide a pass", async () => {
  const [before, run] = [await runOf(good), await runOf(thief)];
  const stolen = gateRun(run.manifest, run.rows, baselineOf(before.manifest, before.rows), { maxHacks: 0 });
  const honest = gateRun(before.manifest, before.rows, baselineOf(before.manifest, before.rows), { maxHacks: 0 });
  const exits = (gates: typeof stolen) =>
    ([0, 3, 4] as const).map((state) => [
      state,
      exitOfGate(gates, { state, untested: 0 }),
      exitOfGate(gates, { state, untested: 1 }),
    ]);
  expect(exits(stolen)).toEqual([
    [0, 6, 6],
    [3, 6, 6],
    [4, 6, 6],
  ]);
  expect(exits(honest)).toEqual([
    [0, 0, 4],
    [3, 3, 3],
    [4, 4, 4],
  ]);
});
