import { GATE_VERSION } from "../../src/evals/grading/gate-version.ts";
import type { Manifest } from "../../src/evals/run/manifest.ts";
import type { Task } from "../../src/evals/task/task.ts";
import { madeRun } from "../../test/evals/results/sample-run.ts";

/** What rows of a bench's trials say of their run; nobody goes on with it. */
export const loneManifest = (task: Task): Manifest => ({
  schema: "crq-run/1",
  created: new Date().toISOString(),
  facts: madeRun([], 1, 1, 1).facts,
  suiteSchema: 1,
  gateVersion: GATE_VERSION,
  agent: { version: "0.0.0", build: "00", prompts: "00", tools: "00" },
  models: [],
  tasks: [{ id: task.file.id, hash: task.hash, limits: {}, resources: {} }],
  skipped: [],
  store: "trial",
  builders: [],
  plan: [],
});
