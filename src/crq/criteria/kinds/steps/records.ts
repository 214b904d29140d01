import { posix } from "node:path";
import { stepProblems } from "../../../../repo/steps/problems.ts";
import { parseRecords, type StepRecord } from "../../../../repo/steps/records.ts";
import type { CheckOf } from "../../../checks.ts";
import type { CheckContext } from "../../check/kind.ts";
import { type CheckResult, type Counts, failed, passed, vacuous } from "../../check/result.ts";
import { flakeProblems, type RecordedStep, stepsThatMake } from "../../judge/recorded-steps.ts";
import { firstContent } from "../../programs/store-files.ts";
import {
  buildNodes,
  foldersOf,
  type Node,
  type Outputs,
  passedWith,
  type Read,
  readInputs,
  readNodes,
  sharedDerivations,
  shortened,
} from "./nodes.ts";

/** Recorded steps of a build, each with a flake that runs it again: `DIR/step001/flake.nix` for the record with seq 1. */

type Steps = CheckOf<"steps">;

export async function judgeRecords(check: Steps, context: CheckContext): Promise<CheckResult> {
  const read = await readRecords(check, context);
  if ("result" in read) return read.result;
  const steps = read.value;
  const counts = { candidates: steps.length, checked: steps.length };
  if (steps.length < check.min) {
    const reason = `${check.dir} holds ${steps.length} step records that made something, at least ${check.min} are asked for`;
    return vacuous("nothing-checked", "parse", reason, counts);
  }
  const flakes = foldersOf(context.target.matching([check.flakes ?? `${check.dir}/**/flake.nix`]));
  const bySeq = new Map(flakes.flatMap((folder) => (seqOf(folder) === undefined ? [] : [[seqOf(folder), folder] as const])));
  const without = steps.filter(({ seq }) => !bySeq.has(seq)).map(({ id, seq }) => `${id} (${folderName(seq)})`);
  if (without.length > 0)
    return failed("missing", "parse", `of ${steps.length} steps ${without.length} have no flake: ${shortened(without)}`, counts);
  const known = new Set(steps.map(({ seq }) => seq));
  const idle = [...bySeq].filter(([seq]) => seq !== undefined && !known.has(seq)).map(([, folder]) => folder);
  if (idle.length > 0)
    return failed("mismatch", "parse", `no record of a step that made something belongs to ${shortened(idle)}`, counts);
  const folders = steps.flatMap(({ seq }) => bySeq.get(seq) ?? []);
  return judgeFlakes(check, steps, folders, flakes.includes(check.dir) ? check.dir : undefined, context);
}

async function readRecords(check: Steps, context: CheckContext): Promise<Read<readonly RecordedStep[]>> {
  const records: StepRecord[] = [];
  const problems: string[] = [];
  for (const path of context.target.matching([`${check.dir}/**/*.jsonl`])) {
    const read = await context.target.read(path);
    if (!read.ok) return { result: failed(read.why === "outside" ? "outside-target" : "missing", "parse", read.message) };
    const parsed = parseRecords(path, read.text);
    records.push(...parsed.records);
    problems.push(...parsed.problems);
  }
  const counts = { candidates: records.length, checked: records.length };
  const steps = stepsThatMake(records);
  const stubs = steps.filter(({ stub }) => stub).map(({ id, command }) => `${id} only runs ${command}`);
  if (stubs.length > 0) return { result: vacuous("stub", "parse", `nothing is compiled: ${shortened(stubs)}`, counts) };
  problems.push(...stepProblems(records).map(({ place, message }) => (place === "" ? message : `${place}: ${message}`)));
  return problems.length > 0 ? { result: failed("mismatch", "parse", shortened(problems), counts) } : { value: steps };
}

async function judgeFlakes(
  check: Steps,
  steps: readonly RecordedStep[],
  folders: readonly string[],
  join: string | undefined,
  context: CheckContext,
): Promise<CheckResult> {
  const counts: Counts = { candidates: steps.length, checked: steps.length };
  const timeoutMs = check.timeout * 1000;
  const declared = await readInputs(join === undefined ? folders : [...folders, join], timeoutMs, context);
  if ("result" in declared) return declared.result;
  const read = await readNodes(declared.value, timeoutMs, context);
  if ("result" in read) return read.result;
  const nodeOf = new Map(read.value.map((node) => [node.folder, node]));
  const pairs = steps.flatMap((step, at) => {
    const node = nodeOf.get(folders[at] ?? "");
    return node === undefined ? [] : [{ step, node }];
  });
  const nodes = pairs.map(({ node }) => node);
  const stubs = nodes.filter(({ idle }) => idle).map(({ folder }) => folder);
  if (stubs.length > 0) {
    const reason = `${shortened(stubs)}: the builder does not run its record, it only makes folders, writes texts or copies files`;
    return vacuous("stub", "eval", reason, counts);
  }
  const joined = join === undefined ? undefined : nodeOf.get(join);
  const problems = [
    ...sharedDerivations(nodes),
    ...flakeProblems(pairs),
    ...(joined === undefined || nodes.some(({ folder }) => joined.uses.has(folder))
      ? []
      : [`the flake in ${joined.folder} joins no step`]),
  ];
  if (problems.length > 0) return failed("mismatch", "eval", shortened(problems), counts);
  if (!check.build) return passed("eval", `${steps.length} steps, each with a flake that runs its record`, counts);
  const built = await buildNodes(read.value, counts, timeoutMs, context);
  if ("result" in built) return built.result;
  const absent: string[] = [];
  for (const { step, node } of pairs) absent.push(...(await absentOutputs(step, node, built.value, context)));
  if (absent.length > 0) return failed("missing", "build", shortened(absent), counts);
  const last = joined ?? nodes.at(-1);
  const reason = `${steps.length} steps, each with a flake that runs its record and makes what it says`;
  return passedWith(reason, counts, last && built.value.get(last.folder));
}

async function absentOutputs(
  { outputs }: RecordedStep,
  { folder }: Node,
  built: Outputs,
  context: CheckContext,
): Promise<readonly string[]> {
  const paths = Object.values(built.get(folder) ?? {});
  const absent: string[] = [];
  for (const output of outputs) {
    const found = await Promise.all(paths.map((path) => firstContent(context.environment, path, posix.basename(output))));
    if (found.every((each) => each === undefined)) absent.push(`${folder} builds, but ${output} is not in its output, or empty`);
  }
  return absent;
}

const seqOf = (folder: string): number | undefined => {
  const digits = /^step-?(\d+)$/.exec(posix.basename(folder))?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const folderName = (seq: number): string => `step${String(seq).padStart(3, "0")}`;
