import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AssistantMessage } from "../../src/agent/messages.ts";
import { loadTask } from "../../src/evals/task/task.ts";
import { runAttempt } from "../../src/evals/trial/attempt.ts";
import type { Machine } from "../../src/evals/trial/machine.ts";
import { findHost } from "../../src/system/host.ts";
import { removeTree } from "../../src/system/remove-tree.ts";
import { type Bench, median } from "./figure.ts";

const root = join(import.meta.dirname, "../..");
const RUNS = 7;
/** Milliseconds; evals.md, 9. */
const ALLOWED = 150;

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

export const evalsOverhead: Bench = {
  about: "what a trial takes besides its program (probe, staging, sandbox, evidence), against the 150 ms that it may take",
  bound: { side: "at most", ratio: 1 },
  async run() {
    const base = await mkdtemp(join(tmpdir(), "crq-bench-trials-"));
    const directory = join(base, "gives-up");
    for (const [path, text] of Object.entries(TASK)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    const loaded = await loadTask(directory);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const host = await findHost({ packageRoot: root, path: process.env.PATH ?? "" });
    const machine: Machine = {
      packageRoot: root,
      host,
      world: { mode: "replay", directory: join(root, "evals/world") },
      isolation: "bwrap",
      compiled: join(base, "compiled"),
    };
    const model = {
      alias: "bench",
      provider: "bench",
      name: "bench",
      params: {},
      role: "reference",
      deterministic: true,
      notFor: () => undefined,
      create: async () => ({ name: "bench", complete: async () => REPLY }),
    } as const;
    const overheads: number[] = [];
    const starts: number[] = [];
    // The first one also probes the sandbox, once for all trials of a machine.
    for (let at = 0; at <= RUNS; at++) {
      const [folder, work] = [join(base, `${at}`, "evidence"), join(base, `${at}`, "work")];
      const began = performance.now();
      const end = await runAttempt({ task: loaded.value, model, machine, folder, work, signal: new AbortController().signal });
      if (end.outcome !== "gave-up") throw new Error(`the trial ended as ${end.outcome}: ${end.claim.reason}`);
      if (at === 0) continue;
      overheads.push(performance.now() - began - end.time.wallMs);
      starts.push(end.time.wallMs);
    }
    await removeTree(base);
    const value = median(overheads);
    const notes = [`the program itself, from its start to its end without Nix: ${median(starts).toFixed(0)} ms`];
    return { value, reference: ALLOWED, ratio: value / ALLOWED, unit: "ms", runs: RUNS, notes };
  },
};
