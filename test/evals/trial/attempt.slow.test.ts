import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type AssistantMessage, type Model, NO_USAGE } from "../../../src/agent/messages.ts";
import { loadTask, type Task } from "../../../src/evals/task/task.ts";
import { type AttemptEnd, runAttempt } from "../../../src/evals/trial/attempt.ts";
import { InfraFailure } from "../../../src/evals/trial/infra-failure.ts";
import type { Machine } from "../../../src/evals/trial/machine.ts";
import type { TrialModel } from "../../../src/evals/trial/trial-model.ts";
import { createRules } from "../../../src/rules/rules.ts";
import { type Affinity, ownAffinity } from "../../../src/system/affinity.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { execute } from "../../../src/system/process.ts";
import { SAMPLE, tasksOnDisk } from "../task/sample-task.ts";
import { PACKAGE_ROOT } from "./shared-world.ts";

/** Whole trials: the program in its sandbox, with models that say what a test wants. */

const SECRET = "sk-of-the-host-0123456789abcdef";
let machine: Machine;

beforeAll(async () => {
  process.env.OPENAI_API_KEY = SECRET;
  const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
  machine = {
    packageRoot: PACKAGE_ROOT,
    host,
    world: { mode: "replay", directory: join(PACKAGE_ROOT, "evals/world") },
    isolation: "bwrap",
  };
});

const CRATE = {
  "repo/Cargo.toml": '[package]\nname = "tally"\nversion = "0.1.0"\nedition = "2021"\n',
  "repo/Cargo.lock": 'version = 3\n\n[[package]]\nname = "tally"\nversion = "0.1.0"\n',
  "repo/src/main.rs": 'fn main() {\n    println!("tally");\n}\n',
};

const modelOf = (model: Model): TrialModel => ({
  alias: model.name,
  provider: "test",
  name: model.name,
  params: {},
  role: "ranked",
  deterministic: true,
  notFor: () => undefined,
  create: async () => model,
});

const said = (more: Partial<AssistantMessage>): AssistantMessage => ({
  role: "assistant",
  text: "",
  calls: [],
  usage: { ...NO_USAGE, input: 10, output: 5 },
  stop: "end",
  model: "test",
  ...more,
});

const givesUp = said({
  stop: "tools",
  calls: [{ id: "1", tool: "give_up", arguments: '{"reason":"platform","detail":"not here"}' }],
});

/** Answers everything with one reply. */
const saying = (reply: AssistantMessage | (() => Promise<AssistantMessage>)): Model => ({
  name: "test",
  complete: async () => (typeof reply === "function" ? await reply() : reply),
});

interface Ran {
  readonly end: AttemptEnd | undefined;
  readonly infra: InfraFailure | undefined;
  readonly evidence: Readonly<Record<string, string>>;
  readonly work: string;
}

async function run(
  kind: "draft" | "end-to-end",
  model: (work: string) => TrialModel,
  more: { readonly limits?: string; readonly signal?: AbortSignal; readonly affinity?: Affinity } = {},
): Promise<Ran> {
  const toml = (SAMPLE["task.toml"] ?? "").replace('kind = "apply"', `kind = "${kind}"`).replace("tier = 1", "tier = 0");
  const checks = (SAMPLE["checks/checks.toml"] ?? "") + (kind === "draft" ? "\n[draft]\n" : "");
  const root = await tasksOnDisk({
    "count-words": {
      ...SAMPLE,
      ...CRATE,
      "task.toml": `${toml}${more.limits ?? ""}`,
      "checks/checks.toml": checks,
      "statement.md": "Nixify this Rust project with naersk.\n",
    },
  });
  const loaded = await loadTask(join(root, "count-words"));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const task: Task = loaded.value;
  const [folder, work] = [join(root, "evidence"), join(root, "work")];
  onTestFinished(async () => {
    await execute({ argv: ["chmod", "-R", "u+w", work], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 });
  });
  const signal = more.signal ?? new AbortController().signal;
  let [end, infra]: [AttemptEnd | undefined, InfraFailure | undefined] = [undefined, undefined];
  try {
    end = await runAttempt({ task, model: model(work), machine, affinity: more.affinity, folder, work, signal });
  } catch (error) {
    if (!(error instanceof InfraFailure)) throw error;
    infra = error;
  }
  const files = await readdir(folder);
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const));
  return { end, infra, evidence: Object.fromEntries(texts), work };
}

test("a scripted model: what it said, what it used, what is kept, and no key of the host anywhere", async () => {
  const own = await ownAffinity(machine.host.taskset);
  if (own === undefined) throw new Error("taskset (util-linux) is needed here");
  const affinity = { ...own, processors: own.processors.slice(0, 1) };
  const { end, evidence, work } = await run("draft", () => modelOf(saying(givesUp)), { affinity });
  expect(
    end && {
      outcome: end.outcome,
      claim: end.claim,
      usage: end.usage,
      turns: end.process.turns,
      patch: end.patch,
      misses: end.worldMisses,
      held: [end.held, z.looseObject({ held: z.unknown() }).parse(JSON.parse(evidence["sandbox.json"] ?? "")).held],
    },
  ).toEqual({
    outcome: "gave-up",
    claim: { schema: "crq-claim/1", outcome: "gave-up", reason: "platform", success: false, criteria: [] },
    usage: { calls: 1, input: 10, output: 5, cacheRead: 0, cacheWrite: 0, usd: 0 },
    turns: 1,
    patch: "",
    misses: [],
    held: [
      { memory: "process", cpus: "affinity" },
      { memory: "process", cpus: "affinity" },
    ],
  });
  expect(Object.keys(evidence).sort()).toEqual([
    "agent.log",
    "cassette.jsonl",
    "claim.json",
    "events.jsonl",
    "misses.jsonl",
    "patch.diff",
    "sandbox.json",
  ]);
  // The file that says that none was found names none: grep's exit 1 is what is wanted.
  const found = await execute({
    argv: ["grep", "-rlF", SECRET, work],
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    timeoutMs: 60_000,
  });
  expect({
    kept: Object.entries(evidence)
      .filter(([, text]) => text.includes(SECRET))
      .map(([name]) => name),
    found: found.stdout,
  }).toEqual({
    kept: [],
    found: "",
  });
});

test("a provider that is down is no trial; a model that errs is one that failed", async () => {
  const down = await run("draft", () => modelOf(saying(said({ stop: "error", text: "test: is down", unavailable: true }))));
  expect({ class: down.infra?.class, text: down.infra?.message }).toEqual({ class: "provider", text: "test: is down" });
  const errs = await run("draft", () => modelOf(saying(said({ stop: "error", text: "test: the request is too long" }))));
  expect(errs.end?.claim).toMatchObject({ outcome: "provider", reason: "test: the request is too long", success: false });
});

test("a program that something else kills, and a run that is stopped, are no trials", async () => {
  const killed = await run("draft", (work) =>
    modelOf(
      saying(async () => {
        for (const pid of await readdir("/proc")) {
          if (!/^\d+$/.test(pid)) continue;
          const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
          if (words.includes(`${work}/trial\0/trial`)) process.kill(Number(pid), "SIGKILL");
        }
        return givesUp;
      }),
    ),
  );
  expect(killed.infra?.class).toBe("killed");
  const stop = new AbortController();
  const stopped = await run(
    "draft",
    () =>
      modelOf(
        saying(async () => {
          stop.abort();
          return givesUp;
        }),
      ),
    { signal: stop.signal },
  );
  expect({ class: stopped.infra?.class, text: stopped.infra?.message }).toEqual({ class: "killed", text: "the run was stopped" });
});

test("the trial's own limits are the model's failure: time, output tokens", async () => {
  const never = await run("draft", () => modelOf(saying(() => new Promise(() => undefined))), {
    limits: "[limits]\nwall-s = 5\n",
  });
  expect(never.end?.claim).toEqual({
    schema: "crq-claim/1",
    outcome: "limit:wall",
    success: false,
    reason: "5 seconds of work were used",
    criteria: [],
  });
  const talks = await run("draft", () => modelOf(saying(said({ text: "well" }))), { limits: "[limits]\noutput-tokens = 8\n" });
  expect({ outcome: talks.end?.outcome, output: talks.end?.usage.output }).toEqual({ outcome: "limit:tokens", output: 10 });
});

test("rules, from a sentence to a change", async () => {
  const template = (texts: ReadonlyMap<string, string>) => (name: string) => texts.get(name) ?? "";
  const folder = join(PACKAGE_ROOT, "prompts/templates");
  const names = await readdir(folder);
  const texts = new Map(
    await Promise.all(
      names.map(async (name) => [name.replace(/\.md$/, ""), await readFile(join(folder, name), "utf8")] as const),
    ),
  );
  const rules = await createRules({ template: template(texts) });
  const { end } = await run("end-to-end", () => modelOf(rules));
  expect(
    end && {
      claim: { ...end.claim, criteria: [] },
      kinds: [...new Set(end.claim.criteria.map(({ verdict }) => verdict))],
      draft: end.draft?.startsWith("# CRQ-001"),
      flake: end.patch.includes("+++ b/flake.nix"),
      begins: end.patch.startsWith("diff --git "),
    },
  ).toEqual({
    claim: { schema: "crq-claim/1", outcome: "done", success: true, criteria: [] },
    kinds: ["pass"],
    draft: true,
    flake: true,
    begins: true,
  });
});
