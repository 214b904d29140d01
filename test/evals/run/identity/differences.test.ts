import { describe, expect, it } from "vitest";
import { baselineDifferences, baselineOf } from "../../../../src/evals/run/derived/baseline.ts";
import {
  comparisonDifferences,
  limitsText,
  resumeDifferences,
  shardDifferences,
  surroundingsDifferences,
} from "../../../../src/evals/run/identity/differences.ts";
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

  it("are told whole, for what differs may stand at their end", () => {
    const long = (seconds: number): Manifest =>
      withLimits({ builds: 25, "output-tokens": 120_000, turns: 60, usd: 2, "wall-s": 900 }, { "wall-s": seconds });
    const [said] = baselineDifferences(baselineOf(long(1_200), []), long(1_800));
    expect([said?.a, said?.b]).toEqual([limitsText(long(1_200)), limitsText(long(1_800))]);
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

describe("a run that goes on", () => {
  it("does not lose a task or a model that this machine cannot run", () => {
    const [lost, ...tasks] = own.tasks;
    const [model, ...models] = own.models;
    expect(resumeDifferences(own, { ...own, tasks, models })).toEqual([
      { what: `task ${lost?.id}`, a: lost?.hash, b: "cannot be run here" },
      { what: `model ${model?.alias}`, a: "rules rules {}", b: "cannot be run here" },
    ]);
  });
});

describe("shards", () => {
  it("of unlike prices are no parts of one run, and unlike plans are told apart", () => {
    const priced = (input: number): Manifest => ({
      ...own,
      models: own.models.map((model) => ({ ...model, price: { input, output: 3 } })),
    });
    const plain = ({ alias }: Manifest["models"][number]) => ({
      what: `price of ${alias}`,
      a: '{"input":1,"output":3}',
      b: '{"input":2,"output":3}',
    });
    expect(shardDifferences(priced(1), priced(2))).toEqual(own.models.map(plain));
    const [said] = shardDifferences(own, { ...own, plan: own.plan.slice(1) });
    expect([said?.what, said?.a === said?.b]).toEqual(["plan", false]);
  });
});

it("tells each thing in which a machine that grades again is not the one that the run was made on", () => {
  const { world, env } = own.facts;
  const as = { world, nix: env.nix, toolchain: env.toolchain, isolation: env.isolation } as const;
  expect(surroundingsDifferences(own, as)).toEqual([]);
  const found = surroundingsDifferences(own, {
    world: { ...world, hash: "0e" },
    nix: "2.34.0",
    toolchain: "another",
    isolation: env.isolation === "none" ? "bwrap" : "none",
  });
  expect(found.map(({ what }) => what)).toEqual(["world", "Nix", "toolchain", "isolation"]);
});
