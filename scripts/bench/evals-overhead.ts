import { mkdir, mkdtemp, open, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AssistantMessage } from "../../src/agent/messages.ts";
import { openScratch } from "../../src/evals/run/folder/scratch.ts";
import { openProcessors } from "../../src/evals/run/schedule/processors.ts";
import { runTrial, settle } from "../../src/evals/run/schedule/run-trial.ts";
import { loadTask } from "../../src/evals/task/task.ts";
import { runAttempt } from "../../src/evals/trial/attempt.ts";
import type { Machine } from "../../src/evals/trial/machine.ts";
import type { TrialModel } from "../../src/evals/trial/trial-model.ts";
import { findHost } from "../../src/system/environment/host.ts";
import { tryGit } from "../../src/system/git.ts";
import { removeTree } from "../../src/system/remove-tree.ts";
import { sha256 } from "../../src/world/content/listing.ts";
import { type Bench, inTurn } from "./figure.ts";
import { loneManifest } from "./lone-manifest.ts";

const root = join(import.meta.dirname, "../..");
const RUNS = 15;
/** Milliseconds; evals.md, 9. */
const ALLOWED = 150;

/**
 * What a trial's harness is compared with, in turn with it, so that a loaded machine slows both: this many starts of git and this many files
 * written and synced, one after the other. On a quiet machine of two cores it takes about 40 ms, of which the bound makes what is allowed.
 */
const STARTS = 4;
const FILES = 8;

const CANARY = "crq-evals 2f9c3f62-9d0e-4f07-8a55-6f2a4d0c7b11";
const TASK: Readonly<Record<string, string>> = {
  "task.toml": `schema = 1\nid = "gives-up"\nkind = "draft"\ncluster = "bench"\ntier = 0\nsplit = "dev"\ncanary = "${CANARY}"\nfirst-seen = 2026-11-28\n`,
  "statement.md": "Nixify this Rust project.\n",
  "repo/Cargo.toml": '[package]\nname = "tally"\nversion = "0.1.0"\nedition = "2021"\n',
  "repo/src/main.rs": "fn main() {}\n",
  "solution/CRQ.md": "# none\n",
  "checks/checks.toml": "schema = 1\n[draft]\n",
};

const REPLY: AssistantMessage = {
  role: "assistant",
  text: "",
  calls: [{ id: "1", tool: "give_up", arguments: '{"reason":"platform","detail":"a bench"}' }],
  usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 },
  stop: "tools",
  model: "bench",
};

const MODEL: TrialModel = {
  alias: "bench",
  provider: "bench",
  name: "bench",
  params: {},
  role: "reference",
  deterministic: true,
  notFor: () => undefined,
  create: async () => ({ name: "bench", complete: async () => REPLY }),
};

export const evalsOverhead: Bench = {
  about: `what a trial takes besides its program and its gates, from its folder to its committed row, against ${STARTS} starts of git and ${FILES} synced files`,
  bound: { side: "at most", ratio: ALLOWED / 40 },
  async run() {
    const base = await mkdtemp(join(tmpdir(), "crq-bench-trials-"));
    const directory = join(base, "gives-up");
    for (const [path, text] of Object.entries(TASK)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    const loaded = await loadTask(directory);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const task = loaded.value;
    const scratch = await openScratch(join(base, "work"));
    const host = await findHost({ packageRoot: root, path: process.env.PATH ?? "" });
    const processors = await openProcessors(join(base, "processors"), host);
    const machine: Machine = {
      packageRoot: root,
      host,
      world: { mode: "replay", directory: join(root, "evals/world") },
      isolation: "bwrap",
      compiled: join(base, "compiled"),
      staged: scratch.staged,
    };
    const run = join(base, "run");
    let trials = 0;
    const trial = async (): Promise<number> => {
      const repeat = ++trials;
      const began = performance.now();
      const planned = {
        key: sha256(`bench ${repeat}`),
        task: task.file.id,
        taskHash: task.hash,
        model: MODEL.alias,
        repeat,
        block: repeat,
      };
      const row = await runTrial(planned, {
        run,
        machine,
        processors,
        manifest: loneManifest(task),
        tasks: new Map([[task.file.id, task]]),
        models: new Map([[MODEL.alias, MODEL]]),
        scratch: ({ key }) => scratch.open(key.slice(0, 20)),
        signal: new AbortController().signal,
        now: Date.now,
        attempt: runAttempt,
        grade: async () => ({ resolved: false, stage: "none", gates: {}, hack: null, suspicions: [], gateVersion: 1 }),
      });
      await settle(run, row);
      if (row.outcome !== "gave-up")
        throw new Error(`the trial ended as ${row.outcome}: ${row.infra?.detail ?? row.claim.reason}`);
      return performance.now() - began - row.time.wallMs;
    };
    const reference = async (): Promise<number> => {
      const folder = await mkdtemp(join(base, "reference-"));
      const began = performance.now();
      for (let at = 0; at < STARTS; at++) await tryGit(["--version"], { cwd: folder });
      for (let at = 0; at < FILES; at++) {
        const file = await open(join(folder, `${at}`), "wx");
        await file.writeFile("a line\n");
        await file.sync();
        await file.close();
      }
      return performance.now() - began;
    };
    // The first trial, which is not counted, also compiles the program, probes the sandbox and stages the task.
    const figure = await inTurn(RUNS, trial, reference);
    await scratch.close();
    await removeTree(base);
    const kept = figure.value <= ALLOWED ? "kept" : "not kept";
    return {
      ...figure,
      unit: "ms",
      notes: [`${ALLOWED} ms are allowed on a quiet machine: ${kept} at load ${(loadavg()[0] ?? 0).toFixed(1)}`],
    };
  },
};
