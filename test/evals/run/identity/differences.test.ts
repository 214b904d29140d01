import { describe, expect, it } from "vitest";
import { baselineDifferences, baselineOf } from "../../../../src/evals/run/derived/baseline.ts";
import { comparisonDifferences, limitsText, resumeDifferences } from "../../../../src/evals/run/identity/differences.ts";
import type { Manifest } from "../../../../src/evals/run/manifest.ts";
import { madeManifest } from "../made-run.ts";

type Limits = Manifest["tasks"][number]["limits"];

const withLimits = (...limits: readonly Limits[]): Manifest => {
  const manifest = madeManifest({ tasks: limits.length });
  return { ...manifest, tasks: manifest.tasks.map((task, at) => ({ ...task, limits: limits[at] ?? {} })) };
};

const own = withLimits({ turns: 60, "wall-s": 900 }, { turns: 60, "wall-s": 900 }, { turns: 60, "wall-s": 1_200 });
const slow = withLimits(...own.tasks.map(({ limits }) => ({ ...limits, "wall-s": 7_200 })));

const OWN = "turns 60; wall-s 900 on 2, 1200 on 1";
const SLOW = "turns 60; wall-s 7200";

describe("limits that a run gives its tasks (--max-wall)", () => {
  it("are told in one line", () =>
    expect([limitsText(own), limitsText(slow), limitsText({ tasks: [] })]).toEqual([OWN, SLOW, ""]));

  it("must be equal where two runs of one suite are compared, or judged against a baseline", () => {
    expect(comparisonDifferences(own, slow, "model")).toEqual([{ what: "limits", a: OWN, b: SLOW }]);
    expect(baselineDifferences(baselineOf(own, []), slow)).toEqual([{ what: "limits", a: OWN, b: SLOW }]);
    expect([comparisonDifferences(own, own, "model"), baselineDifferences(baselineOf(own, []), own)]).toEqual([[], []]);
  });

  it("are unknown of a baseline that is older than they are", () => {
    const { limits: _, ...older } = baselineOf(own, []);
    expect(baselineDifferences(older, slow)).toEqual([]);
  });

  it("stay as they were where a run goes on, task by task, and tasks may be added", () => {
    const [first, ...others] = own.tasks;
    expect(resumeDifferences(own, slow).map(({ what, a, b }) => [what, a, b])).toEqual([
      [`limits of ${first?.id}`, "turns 60, wall-s 900", "turns 60, wall-s 7200"],
      [`limits of ${others[0]?.id}`, "turns 60, wall-s 900", "turns 60, wall-s 7200"],
      [`limits of ${others[1]?.id}`, "turns 60, wall-s 1200", "turns 60, wall-s 7200"],
    ]);
    expect(resumeDifferences({ ...own, tasks: own.tasks.slice(0, 2) }, own)).toEqual([]);
  });
});
