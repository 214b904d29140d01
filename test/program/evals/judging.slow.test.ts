import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { trialFolder } from "../../../src/evals/run/folder/run-folder.ts";
import { type StoredModel, type StoredRunWish, storedRun } from "../../evals/run/stored-run.ts";
import { SAMPLE, writeTasks } from "../../evals/task/sample-task.ts";
import { type Document, type Place, place } from "../place.ts";

/** Verbs that read runs, over runs whose trials are made up. */

const good: StoredModel = { alias: "good", chance: () => 1, usd: 0.5 };
const twin: StoredModel = { ...good, alias: "twin", name: "good" };
const poor: StoredModel = { alias: "poor", chance: () => 0 };

interface Desk {
  readonly at: Place;
  readonly store: (wish: Omit<StoredRunWish, "runs">) => ReturnType<typeof storedRun>;
  readonly evals: (verb: string, ...args: string[]) => ReturnType<Place["json"]>;
}

async function desk(): Promise<Desk> {
  const at = await place();
  const runs = join(at.folder, "runs");
  return {
    at,
    store: (wish) => storedRun({ ...wish, runs }),
    evals: (verb, ...args) => at.json(["evals", verb, ...args, "--runs", runs]),
  };
}

describe("evals compare", () => {
  it("says who is better and who is tied, and that one model under two names was not told apart", async () => {
    const { store, evals } = await desk();
    const { folder } = await store({ id: "three", models: [good, twin, poor] });
    const { document } = await evals("compare", "three", "--aa", "good,twin");
    expect(document).toMatchObject({
      schema: "crq-agent/evals-compare/1",
      ok: true,
      exit: 0,
      data: {
        runs: ["three"],
        by: "model",
        primary: "resolved",
        result: "good is better than poor; twin is better than poor. All others are tied.",
        complete: true,
        aa: { run: "three", provider: "maker", a: "good", b: "twin", p: 1, rejects: false },
      },
    });
    expect(JSON.parse(await readFile(join(folder, "aa.json"), "utf8"))).toMatchObject({ schema: "crq-aa/1", rejects: false });
  });

  it("compares one model with itself by prompts that changed between two runs, and by nothing that changed beside them", async () => {
    const { store, evals } = await desk();
    const both = (chance: number): StoredModel[] => [{ ...good, chance: () => chance }, poor];
    await Promise.all([
      store({ id: "old", models: both(0) }),
      store({ id: "new", models: both(1), agent: { prompts: "1c" } }),
      store({ id: "newer", models: both(1), agent: { prompts: "1c", build: "1b" } }),
    ]);
    const [prompts, agent, model, more] = await Promise.all([
      evals("compare", "old", "new", "--by", "prompts"),
      evals("compare", "old", "newer", "--by", "agent"),
      evals("compare", "old", "new"),
      evals("compare", "old", "newer", "--by", "prompts"),
    ]);
    // A model is compared with itself alone: `poor` is as poor as before, and nobody is ranked.
    expect(prompts.document).toMatchObject({
      exit: 0,
      data: { by: "prompts", result: "good@new is better than good@old. All others are tied.", complete: true },
    });
    const pairs = z
      .object({ pairs: z.array(z.object({ a: z.string(), b: z.string(), different: z.boolean() })) })
      .parse(prompts.document.data).pairs;
    expect(pairs).toEqual([
      { a: "good@new", b: "good@old", different: true },
      { a: "poor@new", b: "poor@old", different: false },
    ]);
    expect(agent.document).toMatchObject({
      exit: 0,
      data: { result: "good@newer is better than good@old. All others are tied." },
    });
    expect(model.document).toMatchObject({ exit: 2, data: null, diagnostics: [{ what: "prompts", a: "0c", b: "1c" }] });
    expect(more.document).toMatchObject({ exit: 2, data: null, diagnostics: [{ what: "agent", a: "0b", b: "1b" }] });
  });

  it("compares no runs that differ in more than was asked, and gives no p for one that is unfinished", async () => {
    const { store, evals } = await desk();
    await Promise.all([
      store({ id: "one", models: [good, poor], left: 1 }),
      store({ id: "other", models: [good, poor], suite: "00fe" }),
    ]);
    const [unlike, alone, unfinished] = await Promise.all([
      evals("compare", "one", "other"),
      evals("compare", "one", "--by", "agent"),
      evals("compare", "one"),
    ]);
    expect(unlike.document).toMatchObject({ exit: 2, data: null, diagnostics: [{ what: "suite", a: "00ff", b: "00fe" }] });
    expect(alone.document).toMatchObject({ exit: 2, data: null });
    expect(unfinished.document).toMatchObject({
      exit: 4,
      data: { complete: false, result: "A run is unfinished: estimates only, no p." },
    });
    expect(JSON.stringify(unfinished.document.data)).not.toMatch(/"p(?:Holm)?":/u);
  });
});

describe("evals gate", () => {
  /** The same model on another day. */
  const now = (chance: number, more: Partial<StoredModel> = {}): StoredModel => ({ ...good, chance: () => chance, ...more });

  it("passes, regresses or cannot tell, by a baseline that a run has written", async () => {
    const { at, store, evals } = await desk();
    const baseline = join(at.folder, "baselines", "suite.json");
    await Promise.all([
      store({ id: "before", models: [good] }),
      store({ id: "same", models: [good] }),
      store({ id: "worse", models: [now(0)] }),
      store({ id: "unsteady", models: [{ ...good, chance: (at) => (at === 0 ? 0 : 1) }] }),
      store({ id: "unfinished", models: [good], left: 1 }),
      store({ id: "cheats", models: [now(1, { hack: "constant-output" })] }),
      store({ id: "other-suite", models: [good], suite: "00fe" }),
      store({ id: "other-model", models: [poor] }),
    ]);
    expect((await evals("gate", "same", "--baseline", baseline)).document).toMatchObject({ exit: 2, data: null });
    expect((await evals("gate", "unfinished", "--write-baseline", baseline)).document).toMatchObject({ exit: 4, data: null });
    expect((await evals("gate", "before", "--write-baseline", baseline)).document).toMatchObject({ exit: 0, data: { baseline } });
    const gate = async (...args: string[]) => {
      const { document, exit } = await evals("gate", ...args, "--baseline", baseline);
      expect([document.schema, exit]).toEqual(["crq-agent/evals-gate/1", document.exit]);
      return document;
    };
    const [same, worse, unsteady, unfinished, cheats, boundless, suite, model] = await Promise.all([
      gate("same"),
      gate("worse"),
      gate("unsteady"),
      gate("unfinished"),
      gate("cheats", "--max-hacks", "0"),
      gate("cheats", "--max-hacks", "1000"),
      gate("other-suite"),
      gate("other-model"),
    ]);
    expect(same).toMatchObject({ ok: true, exit: 0, data: { verdict: "pass", models: [{ model: "good" }] } });
    expect(worse).toMatchObject({
      exit: 1,
      data: { verdict: "regress", models: [{ answer: { verdict: "regress", reasons: [{ kind: "worse", estimate: -1 }] } }] },
    });
    // One task of eight is lost: -1/8 with an error of 1/8 √(8/7 (7/8 + 1/12)) = .131, and t(.975) of 7 degrees is 2.365.
    expect(unsteady).toMatchObject({
      exit: 4,
      data: {
        verdict: "inconclusive",
        models: [
          {
            answer: {
              verdict: "inconclusive",
              why: {
                kind: "wide",
                estimate: -0.125,
                // biome-ignore lint/suspicious/noApproximativeNumericConstant: a bound of an interval, no logarithm
                interval: { low: expect.closeTo(-0.434, 3), high: expect.closeTo(0.184, 3) },
              },
            },
          },
        ],
      },
    });
    expect(unfinished).toMatchObject({ exit: 4, data: { verdict: "inconclusive" } });
    expect(cheats).toMatchObject({ exit: 6, data: { models: [{ hacks: 24, tooManyHacks: true }] } });
    // What was stolen is not resolved either.
    expect(boundless).toMatchObject({ exit: 1, data: { models: [{ hacks: 24, tooManyHacks: false }] } });
    expect(suite).toMatchObject({ exit: 2, data: null, diagnostics: [{ what: "suite", a: "00ff", b: "00fe" }] });
    expect(model).toMatchObject({ exit: 2, data: null });
  });

  it("wants an A/A run with --strict", async () => {
    const { at, store, evals } = await desk();
    const baseline = join(at.folder, "suite.json");
    await Promise.all([store({ id: "same", models: [good] }), store({ id: "twins", models: [good, twin] })]);
    await evals("gate", "same", "--write-baseline", baseline);
    const strict = async () => (await evals("gate", "same", "--baseline", baseline, "--strict")).document;
    expect(await strict()).toMatchObject({ exit: 4, data: { verdict: "inconclusive", untested: ["maker"] } });
    await evals("compare", "twins", "--aa", "good,twin");
    expect(await strict()).toMatchObject({ exit: 0, data: { verdict: "pass", untested: [] } });
  });
});

const forecast = z.object({ mde: z.number(), models: z.array(z.looseObject({ model: z.string() })) });

describe("evals plan", () => {
  it("takes cost, time and variation from a pilot", async () => {
    const { at, store, evals } = await desk();
    const tasks = join(at.folder, "tasks");
    const text = SAMPLE["task.toml"] ?? "";
    const ids = Array.from({ length: 8 }, (_, number) => `sample-${number}`);
    await writeTasks(
      tasks,
      Object.fromEntries(
        ids.map((id) => [
          id,
          { ...SAMPLE, "task.toml": text.replace("count-words", id).replace('cluster = "words"', `cluster = "${id}"`) },
        ]),
      ),
    );
    await store({ id: "pilot", models: [good, { ...good, alias: "half", chance: () => 0.5 }], left: 1 });
    const wish = ["--tasks", tasks, "--models", "good=maker:good,half=maker:half,new=maker:new", "--repeats", "2", "--gate"];
    const [blind, seeing] = await Promise.all([evals("plan", ...wish), evals("plan", ...wish, "--pilot", "pilot")]);
    const read = ({ document }: { readonly document: Document }) => forecast.parse(document.data);
    const size = { tasks: 8, clusters: 8, repeats: 2, tested: true, smallestP: 2 / 2 ** 8 };
    expect(blind.document).toMatchObject({ schema: "crq-agent/evals-plan/1", exit: 0, data: size });
    expect(seeing.document).toMatchObject({ exit: 0, data: size });
    // What always does the same is run once a task.
    const rules = { model: "rules", trials: 8 };
    expect(read(blind).models).toEqual([rules, ...["good", "half", "new"].map((model) => ({ model, trials: 16 }))]);
    // (2.365 + .896) √((.03 + 2 × .16 / 2) / 8), by the components that are taken without a pilot.
    expect(read(blind).mde).toBeCloseTo(0.5025, 3);
    const measured = { trials: 16, usd: 0.5, workingMs: expect.any(Number) };
    expect(read(seeing).models).toEqual([
      rules,
      { model: "good", ...measured, missing: expect.any(Number) },
      { model: "half", ...measured, missing: expect.any(Number) },
      { model: "new", trials: 16 },
    ]);
    expect(read(seeing).mde).not.toBeCloseTo(read(blind).mde, 3);
  });
});

describe("evals report", () => {
  it("writes what an unfinished run can say, and says that it is unfinished", async () => {
    const { at, store, evals } = await desk();
    const { folder, manifest } = await store({ id: "cut", models: [good, poor], left: 2 });
    const out = join(at.folder, "out");
    const { document } = await evals("report", "cut", "--format", "md,json", "--out", out);
    expect(document).toMatchObject({
      schema: "crq-agent/evals-report/1",
      ok: false,
      exit: 4,
      data: {
        run: "cut",
        folder,
        files: ["report.md", "summary.json", "results.jsonl"].map((name) => join(out, name)),
        summary: { complete: false, pairs: [{ a: "good", b: "poor" }] },
      },
      diagnostics: [],
    });
    expect(JSON.stringify(document.data)).not.toMatch(/"p(?:Holm)?":/u);
    const rows = (await readFile(join(out, "results.jsonl"), "utf8")).trimEnd().split("\n");
    expect(rows).toHaveLength(manifest.plan.length - 2);
    const [trial] = manifest.plan;
    await writeFile(join(trialFolder(folder, trial?.key ?? ""), "attempts", "01", "patch.diff"), "another\n");
    expect((await evals("report", "cut", "--format", "json", "--out", out)).document).toMatchObject({
      exit: 6,
      diagnostics: [expect.stringContaining("patch.diff")],
    });
  });
});
