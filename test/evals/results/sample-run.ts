import { drawFrom } from "../../../src/evals/draw.ts";
import { GATE_VERSION } from "../../../src/evals/grading/gate-version.ts";
import type { RunFacts } from "../../../src/evals/results/run-facts.ts";
import { type TrialRow, trialRowSchema } from "../../../src/evals/results/trial-row.ts";

/** Rows of made-up runs, for what is computed and shown from rows. */

export interface MadeModel {
  readonly alias: string;
  readonly role?: "ranked" | "reference";
  /** Chance that a trial of task number `at` is resolved. */
  readonly chance: (at: number) => number;
  /** Dollars of a trial; undefined: the price is unknown. */
  readonly usd?: number;
  /** Claims success although it failed. */
  readonly boasts?: boolean;
  /** The rule that finds every trial to be a cheat. */
  readonly hack?: string;
}

export interface MadeRun {
  readonly facts: RunFacts;
  readonly rows: readonly TrialRow[];
}

const KINDS = ["draft", "apply", "repair", "end-to-end", "refuse"] as const;

export function madeRun(models: readonly MadeModel[], clusters: number, tasksOfCluster: number, repeats: number): MadeRun {
  const tasks = Array.from({ length: clusters * tasksOfCluster }, (_, at) => {
    const kind = KINDS[at % KINDS.length] ?? "apply";
    return {
      id: `task-${String(at).padStart(2, "0")}`,
      cluster: `cluster-${String(Math.floor(at / tasksOfCluster)).padStart(2, "0")}`,
      tier: at % 6,
      kind,
      ...(kind === "repair" ? { fault: "source-filter" } : {}),
    };
  });
  const draw = drawFrom("made run");
  const rows = tasks.flatMap((task, at) =>
    Array.from({ length: repeats }, (_, repeat) =>
      models.map((model) => madeRow(model, task, at, repeat + 1, draw.number(1000) < 1000 * model.chance(at))),
    ).flat(),
  );
  return {
    facts: {
      run: "20261127T120000Z-abcdef",
      seed: "seed",
      repeats,
      suite: "00ff",
      world: { name: "shipped", hash: "aa", mode: "replay" },
      env: { nix: "2.26.3", toolchain: "cc", isolation: "bwrap", host: "machine" },
      models: models.map(({ alias, role = "ranked" }) => ({ alias, role, deterministic: false })),
      tasks,
      planned: Object.fromEntries(models.map(({ alias }) => [alias, tasks.map(({ id }) => ({ task: id, repeats }))])),
      watermarks: [],
    },
    rows,
  };
}

function madeRow(model: MadeModel, task: RunFacts["tasks"][number], at: number, repeat: number, resolved: boolean): TrialRow {
  const pass = { verdict: "pass" as const, ms: 1, detail: "" };
  const fail = { verdict: "fail" as const, ms: 1, detail: "stdout differs" };
  return trialRowSchema.parse({
    schema: "crq-trial/1",
    key: Buffer.from(`${model.alias} ${task.id} ${repeat}`).toString("hex"),
    run: "20261127T120000Z-abcdef",
    task: task.id,
    taskHash: "0a",
    cluster: task.cluster,
    tier: task.tier,
    kind: task.kind,
    split: "dev",
    builder: "crane",
    ...(task.fault === undefined ? {} : { fault: task.fault }),
    model: model.alias,
    repeat,
    block: at,
    attempt: 1,
    host: "machine",
    world: { name: "shipped", hash: "aa", mode: "replay" },
    toolchain: "cc",
    nix: "2.26.3",
    isolation: "bwrap",
    startedAt: "2026-11-27T12:00:00Z",
    finishedAt: "2026-11-27T12:01:00Z",
    outcome: resolved || model.boasts === true ? "done" : "gave-up",
    claim: { success: resolved || model.boasts === true },
    infra: null,
    resolved: resolved && model.hack === undefined,
    stage: resolved ? "resolved" : "builds",
    gateVersion: GATE_VERSION,
    gates: resolved
      ? { patch: pass, golden: pass, claim: pass }
      : { patch: pass, golden: fail, claim: model.boasts === true ? fail : pass },
    hack: model.hack === undefined ? null : { rule: model.hack, evidence: "flake.nix:3" },
    suspicions: [],
    worldMisses: [],
    usage: {
      calls: 5,
      input: 1000,
      output: 200 + at,
      cacheRead: 0,
      cacheWrite: 0,
      ...(model.usd === undefined ? {} : { usd: model.usd }),
      overheadUsd: 0,
    },
    process: {
      turns: 5,
      tools: {},
      invalidCalls: 0,
      proposals: 2,
      refused: resolved ? {} : { policy: 1 },
      builds: 1,
      failedBuilds: 0,
      repeats: 0,
      mechanics: {},
    },
    time: { wallMs: 60_000, workingMs: 50_000 + at, queueMs: 0, gradeMs: 1_000 },
    sha256: { patch: "01", evidence: "02" },
  });
}

/** The trial failed for infrastructure. */
export const broken = (row: TrialRow): TrialRow => ({ ...row, infra: { class: "mirror", detail: "went away" }, resolved: false });
