import { expect, it } from "vitest";
import { compareRuns, comparisonSentence } from "../../../../src/evals/run/derived/compare.ts";
import { readRows } from "../../../../src/evals/run/folder/read-rows.ts";
import { newFolder } from "../made-run.ts";
import { type StoredModel, storedRun } from "../stored-run.ts";

const good: StoredModel = { alias: "good", chance: () => 1 };
const poor: StoredModel = { alias: "poor", chance: () => 0 };

async function runOf(id: string, ...models: readonly StoredModel[]) {
  const { folder, manifest } = await storedRun({ runs: await newFolder(), id, models });
  return { manifest, rows: (await readRows(folder, manifest)).rows };
}

/** The first trials of a model fail for infrastructure, as often as they may: they are missing, and the run is whole. */
const missing = ({ manifest, rows }: Awaited<ReturnType<typeof runOf>>, model: string, count: number) => {
  const lost = new Set(rows.filter((row) => row.model === model).slice(0, count));
  const infra = { class: "mirror", detail: "went away" } as const;
  return { manifest, rows: rows.map((row) => (lost.has(row) ? { ...row, infra, resolved: false } : row)) };
};

it("ranks nobody where a model misses more than the statistics can bear, and says so first", async () => {
  const run = await runOf("one", good, poor);
  expect(comparisonSentence(compareRuns([run], "model"))).toBe("good is better than poor. All others are tied.");
  const cut = compareRuns([missing(run, "poor", 2)], "model");
  expect([cut.complete, comparisonSentence(cut)]).toEqual([
    true,
    "No ranking: 8.3 % of the trials of poor are missing, more than 5 %.",
  ]);
});

it("ranks nobody over two runs either", async () => {
  const [one, other] = [await runOf("one", good), await runOf("other", poor)];
  expect(comparisonSentence(compareRuns([one, missing(other, "poor", 8)], "model"))).toContain("No ranking: ");
});

it("shows what makes one of the runs unlike others", async () => {
  const run = await runOf("one", good, poor);
  const marked = { ...run, manifest: { ...run.manifest, facts: { ...run.manifest.facts, watermarks: ["no isolation"] } } };
  expect(compareRuns([marked], "model").watermarks).toEqual(["one: no isolation"]);
});
