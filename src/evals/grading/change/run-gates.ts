import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { cutMiddle } from "../../../crq/criteria/check/log.ts";
import { cleanText } from "../../../nix/logs/clean-text.ts";
import type { Gate } from "../../results/trial-row.ts";
import type { Task } from "../../task/task.ts";
import type { GateDefinition, GateResult, GateResults, Judgement } from "./gate.ts";

/** UTF-16 units of a gate's detail in a row; the rest stands in its log. */
const MOST_DETAIL = 1_000;
/** UTF-16 units of a log's head, and of its tail. */
const HALF_LOG = 512 * 1024;

export interface GateRun<Subject> {
  readonly task: Task;
  readonly gates: readonly GateDefinition<Subject>[];
  /** undefined: there is nothing to judge, since an earlier gate failed. */
  readonly subject: Subject | undefined;
  /** What is known already. */
  readonly before: GateResults;
  /** Folder that gets one file a gate. */
  readonly logs: string;
  /** Why expensive gates need not be run; undefined: all are. */
  readonly certain: string | undefined;
  /** Once one of these has failed nothing more is asked. */
  readonly until?: readonly Gate[];
}

/** Runs gates in their order. One that fails stops those that need it, and no other. */
export async function runGates<Subject>(run: GateRun<Subject>): Promise<GateResults> {
  const results: GateResults = { ...run.before };
  for (const gate of run.gates) {
    const enough = run.until?.find((name) => results[name]?.verdict === "fail");
    results[gate.name] =
      enough === undefined ? await resultOf(gate, run, results) : withoutRun("skipped", `${enough} has failed already`);
  }
  return results;
}

async function resultOf<Subject>(
  gate: GateDefinition<Subject>,
  run: GateRun<Subject>,
  results: GateResults,
): Promise<GateResult> {
  const { task, subject, certain } = run;
  const switchedOff = task.checks["gates-off"][gate.name] ?? gate.nothingToCheck?.(task);
  if (switchedOff !== undefined) return withoutRun("off", switchedOff);
  const lacking = gate.needs.find((name) => results[name]?.verdict === "fail" || results[name]?.verdict === "skipped");
  if (lacking !== undefined) return withoutRun("skipped", `needs ${lacking}`);
  if (subject === undefined) return withoutRun("skipped", "there is nothing to look at");
  if (certain !== undefined && gate.expensive) return withoutRun("skipped", certain);
  return timed(gate.name, run.logs, () => gate.run(subject, { ...results }));
}

const withoutRun = (verdict: "off" | "skipped", detail: string): GateResult => ({ verdict, ms: 0, detail });

/** The judgement with its time, its log kept below `logs`, and free of control bytes. */
export async function timed(name: string, logs: string, judge: () => Promise<Judgement>): Promise<GateResult> {
  const started = performance.now();
  const { verdict, detail, log } = await judge();
  const ms = Math.round(performance.now() - started);
  const text = cleanText(detail).trim();
  const path = `${name}.txt`;
  await mkdir(logs, { recursive: true });
  await writeFile(join(logs, path), `${verdict}: ${text}\n\n${cutMiddle(cleanText(log ?? ""), HALF_LOG)}`.trimEnd().concat("\n"));
  const short = text.length <= MOST_DETAIL ? text : `${text.slice(0, MOST_DETAIL)} …`;
  return { verdict, ms, detail: short, log: `${basename(logs)}/${path}` };
}
