import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type StoredModel, storedRun } from "../../evals/run/stored-run.ts";
import { place } from "../../program/place.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";
import { runJob } from "./run-job.ts";
import { type Contexts, readWorkflow } from "./workflow.ts";

const FILE = "docs/guides/evals-workflow.yml";
const text = readFileSync(join(PACKAGE_ROOT, FILE), "utf8");

const steady: StoredModel = { alias: "steady", chance: () => 1 };
const change: Contexts = { github: { event_name: "pull_request" } };
const night: Contexts = { github: { event_name: "schedule" } };

/** A clone after the set-up and the build, with a run that was carried out and the baseline of an earlier one. */
async function clone(id: string, baseline: string, model: StoredModel) {
  const at = await place();
  const checkout = join(at.folder, "checkout");
  const runs = join(checkout, ".crq-agent", "evals", "runs");
  await mkdir(join(checkout, "dist"), { recursive: true });
  await writeFile(join(checkout, "dist", "bin.js"), `import ${JSON.stringify(join(PACKAGE_ROOT, "src", "bin.ts"))};\n`);
  await storedRun({ runs, id: "earlier", models: [steady] });
  await storedRun({ runs, id, models: [model] });
  const written = ["evals", "gate", "earlier", "--write-baseline", `evals/baselines/${baseline}.json`];
  expect((await at.run(written, { cwd: checkout })).exit).toBe(0);
  return { at, checkout };
}

describe(FILE, () => {
  it("is what GitHub's own parser takes, and starts one job an event", async () => {
    const { problems, jobs } = await readWorkflow(FILE, text);
    expect(problems).toEqual([]);
    expect([change, night].map((contexts) => jobs.filter((job) => job.starts(contexts)).map(({ name }) => name))).toEqual([
      ["change"],
      ["nightly"],
    ]);
  });

  it.each([
    ["nightly", "dev", night, 1, 0],
    // One task of eight is lost: nobody can tell.
    ["change", "regress", change, 7 / 8, 0],
    ["change", "regress", change, 0, 1],
  ])("ends %s by the verdict over %s: %#", async (name, baseline, contexts, share, exit) => {
    const { jobs } = await readWorkflow(FILE, text);
    const job = jobs.find((one) => one.name === name);
    if (job === undefined) throw new Error(`no job ${name}`);
    const { at, checkout } = await clone(name, baseline, { ...steady, chance: (task) => (task < share * 8 ? 1 : 0) });
    const { ran, passedOver } = await runJob(job, checkout, {
      at,
      contexts,
      variables: {},
      // Whole runs with real builds, which have slow tests of their own.
      passOver: /^(?:sudo sysctl|npm ci) |evals (?:validate|run) /u,
    });
    expect(ran.map((step) => [step.script.split(" ").slice(0, 5).join(" "), step.exit])).toEqual([
      [`node dist/bin.js evals gate ${name}`, exit],
    ]);
    expect(passedOver.filter((script) => script.startsWith("node "))).toHaveLength(name === "change" ? 2 : 1);
    expect(existsSync(join(checkout, "evals", "baselines", `${baseline}.json`))).toBe(true);
  });
});
