import { z } from "zod";
import { SPLITS, TASK_KINDS } from "../task/task-file.ts";
import { fastCheck } from "./fast-check.ts";

/** `trial.json`, and one line of results.jsonl: all that is known of one finished trial (`crq-trial/1`). */

export const OUTCOMES = [
  "done",
  "nothing-to-do",
  "partly",
  "gave-up",
  "question",
  "unmet",
  "incomplete",
  "tampering",
  "limit:turns",
  "limit:tokens",
  "limit:usd",
  "limit:wall",
  "limit:builds",
  "limit:repeats",
  "limit:stagnation",
  "provider",
  "infra",
  "crash",
] as const;

export const INFRA_CLASSES = ["provider", "mirror", "disk", "memory-host", "killed", "probe", "nix-daemon", "harness"] as const;

/** The gates of a change, in the order in which they are run, then those of a draft and of a refusal. */
export const GATES = [
  "patch",
  "parse",
  "outputs",
  "lock",
  "checks",
  "build",
  "golden",
  "shadow",
  "metamorphic",
  "preserved",
  "rebuild",
  "criteria",
  "custom",
  "form",
  "grounded",
  "questions",
  "red-at-base",
  "green-on-solution",
  "mutants",
  "unchanged",
  "tamper",
  "claim",
] as const;
export type Gate = (typeof GATES)[number];

/** How far a change came without a gap. */
export const STAGES = ["none", "patch", "parses", "evaluates", "checks", "builds", "runs", "follows", "resolved"] as const;
export type StageReached = (typeof STAGES)[number];

const hex = z.string().regex(/^[0-9a-f]+$/);
const count = z.int().nonnegative();
const counts = z.record(z.string(), count);

const gateResult = z.strictObject({
  /** skipped: it needs one that failed; off: by the task, or there is nothing to check. */
  verdict: z.enum(["pass", "fail", "skipped", "off"]),
  ms: z.number().nonnegative(),
  detail: z.string(),
  /** Path of the log inside the attempt. */
  log: z.string().exactOptional(),
});

const finding = z.strictObject({ rule: z.string(), evidence: z.string() });

export const trialRowSchema = z.strictObject({
  schema: z.literal("crq-trial/1"),
  key: hex,
  run: z.string(),
  task: z.string(),
  taskHash: hex,
  cluster: z.string(),
  tier: z.int().min(0).max(5),
  kind: z.enum(TASK_KINDS),
  split: z.enum(SPLITS),
  builder: z.string(),
  fault: z.string().exactOptional(),
  /** Alias. */
  model: z.string(),
  /** From 1. */
  repeat: z.int().positive(),
  /** All models of one (task, repeat). */
  block: count,
  attempt: z.int().positive(),
  host: z.string(),
  shard: z.string().exactOptional(),
  /** Run that the result was taken from: only of models that always do the same. */
  reusedFrom: z.string().exactOptional(),
  world: z.strictObject({ name: z.string(), hash: hex, mode: z.enum(["replay", "record", "live"]) }),
  toolchain: z.string(),
  nix: z.string(),
  isolation: z.enum(["bwrap", "none"]),
  /** What the machine kept the trial to: memory of each process, processors that the task declares. Absent: it did not come so far. */
  held: z.strictObject({ memory: z.enum(["process", "none"]), cpus: z.enum(["affinity", "none"]) }).exactOptional(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  outcome: z.enum(OUTCOMES),
  claim: z.strictObject({ success: z.boolean(), reason: z.string().exactOptional() }),
  /** Not null: no fault of the model; the trial counts as missing. */
  infra: z.strictObject({ class: z.enum(INFRA_CLASSES), detail: z.string() }).nullable(),
  resolved: z.boolean(),
  stage: z.enum(STAGES),
  gateVersion: z.int().positive(),
  gates: z.partialRecord(z.enum(GATES), gateResult),
  hack: finding.nullable(),
  suspicions: z.array(finding),
  worldMisses: z.array(z.strictObject({ method: z.string(), url: z.string(), status: z.int(), at: z.string() })),
  quality: z.number().min(0).max(1).exactOptional(),
  usage: z.strictObject({
    calls: count,
    input: count,
    output: count,
    cacheRead: count,
    cacheWrite: count,
    /** Absent: a price is unknown, which is not zero. */
    usd: z.number().nonnegative().exactOptional(),
    listUsd: z.number().nonnegative().exactOptional(),
    /** Spent by attempts that were killed. Absent: unknown, for instance because a request was under way. */
    overheadUsd: z.number().nonnegative().exactOptional(),
  }),
  process: z.strictObject({
    turns: count,
    tools: counts,
    invalidCalls: count,
    proposals: count,
    refused: counts,
    builds: count,
    failedBuilds: count,
    repeats: count,
    mechanics: counts,
    firstEvalTurn: z.int().positive().exactOptional(),
    firstBuildTurn: z.int().positive().exactOptional(),
    doneTurn: z.int().positive().exactOptional(),
  }),
  /** Milliseconds; working time is wall time without waiting for rates and slots. */
  time: z.strictObject({
    wallMs: z.number().nonnegative(),
    workingMs: z.number().nonnegative(),
    queueMs: z.number().nonnegative(),
    gradeMs: z.number().nonnegative(),
  }),
  sha256: z.strictObject({ patch: hex, evidence: hex }),
});

export type TrialRow = Readonly<z.infer<typeof trialRowSchema>>;

const looksLikeRow = fastCheck(trialRowSchema);

const isRow = (value: unknown): value is TrialRow => looksLikeRow(value);

/** @returns the row, or why it is none: field and reason */
export function readTrialRow(value: unknown): TrialRow | string {
  if (isRow(value)) return value;
  const parsed = trialRowSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join(".")}: ${issue?.message}`;
}

/** The first gate that failed, in the order of the gates; undefined for a resolved trial. */
export const firstFailure = ({ gates }: Pick<TrialRow, "gates">): Gate | undefined =>
  GATES.find((gate) => gates[gate]?.verdict === "fail");

/** Sorted by task, model and repeat: every derived file has this order, whatever order the trials ended in. */
export const inOrder = (rows: readonly TrialRow[]): readonly TrialRow[] =>
  [...rows].sort(
    (a, b) => compareTexts(a.task, b.task) || compareTexts(a.model, b.model) || a.repeat - b.repeat || compareTexts(a.key, b.key),
  );

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
