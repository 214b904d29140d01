import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fail, type GateDefinition, type Judgement, pass } from "../../../src/evals/grading/change/gate.ts";
import { runGates } from "../../../src/evals/grading/change/run-gates.ts";
import { checksSchema } from "../../../src/evals/task/checks-file.ts";
import type { Task } from "../../../src/evals/task/task.ts";
import { taskSchema } from "../../../src/evals/task/task-file.ts";

const task: Task = {
  directory: "/nowhere",
  file: taskSchema.parse({
    schema: 1,
    id: "any",
    kind: "draft",
    cluster: "any",
    tier: 0,
    split: "dev",
    canary: "crq-evals 7b6c0f0e-1a51-4c1e-9b7e-52f1c6a0d3b4",
    "first-seen": "2026-11-20",
  }),
  checks: checksSchema.parse({ schema: 1, "gates-off": { rebuild: "the compiler embeds a time" } }),
  statement: "",
  solutions: [],
  hacks: [],
  leaves: [],
  hash: "",
};

const gate = (
  name: GateDefinition<string>["name"],
  needs: GateDefinition<string>["needs"],
  judgement: Judgement,
  more: Partial<GateDefinition<string>> = {},
): GateDefinition<string> => ({ name, needs, expensive: false, run: async () => judgement, ...more });

const GATES = [
  gate("parse", ["patch"], pass("1 file")),
  gate("outputs", ["parse"], fail("packages.x is missing\u001b[31m!", "whole log\n")),
  gate("checks", ["parse"], pass("ok"), { expensive: true }),
  gate("build", ["outputs"], pass("never run"), { expensive: true }),
  gate("golden", ["build"], pass("never run"), { expensive: true }),
  gate("rebuild", ["patch"], pass("never run")),
  gate("preserved", ["patch"], pass("never run"), { nothingToCheck: () => "no command" }),
];

async function run(more: { readonly subject?: string; readonly certain?: string }) {
  const folder = await mkdtemp(join(tmpdir(), "crq-gates-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const logs = join(folder, "logs");
  const before = { patch: { verdict: "pass" as const, ms: 0, detail: "" } };
  const results = await runGates({ task, gates: GATES, before, logs, subject: more.subject, certain: more.certain });
  const shown = Object.entries(results).map(([name, { verdict, detail }]) => `${name} ${verdict}: ${detail}`);
  return { shown, results, logs };
}

it("runs what does not need a gate that failed, and says why the rest was not run", async () => {
  const { shown, results, logs } = await run({ subject: "a tree" });
  expect({ shown, log: results.outputs?.log, kept: await readFile(join(logs, "outputs.txt"), "utf8") }).toEqual({
    shown: [
      "patch pass: ",
      "parse pass: 1 file",
      "outputs fail: packages.x is missing!",
      "checks pass: ok",
      "build skipped: needs outputs",
      "golden skipped: needs build",
      "rebuild off: the compiler embeds a time",
      "preserved off: no command",
    ],
    log: "logs/outputs.txt",
    kept: "fail: packages.x is missing!\n\nwhole log\n",
  });
});

it("spares what is expensive where the verdict is certain, and everything where there is no tree", async () => {
  expect([(await run({ subject: "a tree", certain: "a hack" })).shown.slice(1, 4), (await run({})).shown.slice(1, 3)]).toEqual([
    ["parse pass: 1 file", "outputs fail: packages.x is missing!", "checks skipped: a hack"],
    ["parse skipped: there is nothing to look at", "outputs skipped: needs parse"],
  ]);
});
