import { stepProblems } from "../../repo/steps/problems.ts";
import type { StepRecord } from "../../repo/steps/records.ts";
import { findCrates, type LockedArchive } from "./locked-crates.ts";
import { cratesIn, machinePath, placed } from "./place.ts";
import { type PlannedStep, stepFolder } from "./planned-step.ts";
import { programName } from "./program-names.ts";
import { packagesOf } from "./step-tools.ts";

/** From records to steps that can be run again from their inputs alone; what cannot is a problem and is never generated around. Pure. */

export interface RecordingFacts {
  /** The file with the records, for messages about all of them. */
  readonly file: string;
  /** Files that git tracks, relative to the folder that `@source@` stands for: Nix sees no others. */
  readonly tracked: ReadonlySet<string>;
  /** The archives of Cargo.lock by `NAME-VERSION`. */
  readonly crates: ReadonlyMap<string, LockedArchive>;
}

/** What is wrong with a recording, with the next move. */
export interface RecordingProblem {
  /** `FILE:LINE`, or the file. */
  readonly place: string;
  readonly message: string;
}

export type PlannedSteps =
  | { readonly ok: true; readonly steps: readonly PlannedStep[] }
  | { readonly ok: false; readonly problems: readonly RecordingProblem[] };

export function planSteps(records: readonly StepRecord[], facts: RecordingFacts): PlannedSteps {
  const { file } = facts;
  if (records.length === 0)
    return failed({
      place: file,
      message: "holds no step, so there is nothing to join; record a build: crq-agent steps record -- COMMAND",
    });
  const wrong = stepProblems(records).map(({ place, message }) => ({
    // A problem of the whole graph names a step first.
    place: place === "" ? (records.find(({ id }) => new Set(message.split(/["\s]+/u)).has(id))?.place ?? file) : place,
    message,
  }));
  // A graph with a cycle or with edges to nothing is not walked.
  if (wrong.length > 0) return failed(...wrong);
  const problems: RecordingProblem[] = [];
  const byId = new Map(records.map((record) => [record.id, record]));
  const below = stepsBelow(records, byId);
  const steps = records.map((record) =>
    planStep(record, facts, { below: below.get(record.id) ?? [], byId, problem: (problem) => problems.push(problem) }),
  );
  return problems.length > 0 ? failed(...problems) : { ok: true, steps: steps.sort((a, b) => a.seq - b.seq) };
}

const failed = (...problems: readonly RecordingProblem[]): PlannedSteps => ({ ok: false, problems });

/** Of each step all steps below it, in order. The graph has no cycle. */
function stepsBelow(
  records: readonly StepRecord[],
  byId: ReadonlyMap<string, StepRecord>,
): ReadonlyMap<string, readonly StepRecord[]> {
  const found = new Map<string, ReadonlySet<StepRecord>>();
  const waiting = [...records];
  for (let record = waiting.pop(); record; record = waiting.pop()) {
    if (found.has(record.id)) continue;
    const direct = record.depends.flatMap((id) => byId.get(id) ?? []);
    const missing = direct.filter(({ id }) => !found.has(id));
    if (missing.length > 0) waiting.push(record, ...missing);
    else found.set(record.id, new Set(direct.flatMap((other) => [other, ...(found.get(other.id) ?? [])])));
  }
  return new Map([...found].map(([id, set]) => [id, [...set].sort((a, b) => a.seq - b.seq)]));
}

interface Neighbours {
  readonly byId: ReadonlyMap<string, StepRecord>;
  readonly below: readonly StepRecord[];
  readonly problem: (problem: RecordingProblem) => void;
}

function planStep(record: StepRecord, facts: RecordingFacts, { byId, below, problem }: Neighbours): PlannedStep {
  const { place, id, seq, command, tool, toolVersion, args, env, cwd, inputs, stdin, stdout } = record;
  const found = (message: string): void => problem({ place, message: `"${id}" ${message}` });
  const words = [command, ...args, ...Object.values(env), cwd, ...inputs.map((input) => input.path)];
  judgeWords(record, words, found);
  const made = placed(command)?.root === "build";
  // A build script may ask for the compiler that cargo names to it.
  const packages = made ? (record.type === "build_script_run" ? ["rustc"] : []) : packagesOf(tool);
  if (packages === undefined)
    found(
      `runs ${tool}, and no package is known that holds it; record the compiler that it calls instead, or ask for it to be known`,
    );
  const outputs = unique(record.outputs.flatMap((path) => outputBelow(path, found)));
  const named = outputs.flatMap((output) => {
    const name = programName(record, output);
    return name === undefined ? [] : [[output, name] as const];
  });
  const folderOf = (other: string): readonly string[] => {
    const lower = byId.get(other);
    return lower ? [stepFolder(lower.seq)] : [];
  };
  return {
    seq,
    folder: stepFolder(seq),
    id,
    place,
    command: made ? command : tool,
    tool,
    ...(toolVersion !== undefined && { toolVersion }),
    args,
    env,
    cwd,
    sources: unique(inputs.flatMap((input) => sourceBelow(input.path, facts, found))),
    crates: findCrates(unique(words.flatMap(cratesIn)), facts.crates, found),
    packages: packages ?? [],
    depends: unique(record.depends.flatMap(folderOf)).toSorted(),
    below: below.map((other) => stepFolder(other.seq)),
    outputs,
    mayBeEmpty: (record.empty ?? []).flatMap((path) => placed(path)?.rest ?? []),
    programs: Object.fromEntries(named),
    ...(stdin !== undefined && { stdin }),
    ...(stdout !== undefined && { stdout }),
  };
}

function judgeWords(
  { command, cwd, env, stdin, stdout }: StepRecord,
  words: readonly string[],
  found: (message: string) => void,
): void {
  const foreign = words.map(machinePath).find((path) => path !== undefined);
  if (foreign !== undefined)
    found(
      `names ${foreign}, which a sandboxed build does not have; hold it in the repository, or leave the option out, and record again`,
    );
  if (command.includes("=")) found(`runs ${command}, which env would take for a variable; name it without = and record again`);
  for (const name of Object.keys(env).filter((key) => key === "" || /[=\0]/u.test(key)))
    found(`has a variable ${JSON.stringify(name)}, which no environment can hold; take it out`);
  for (const stream of [stdin, stdout]) {
    if (stream !== undefined && placed(stream) === undefined)
      found(`has ${stream} for a stream, which lies below no root; record it again`);
  }
  if (placed(cwd) === undefined)
    found(`runs in ${cwd}, which lies below no root; record it again, with --source or --build where it lies`);
}

function outputBelow(path: string, found: (message: string) => void): readonly string[] {
  const where = placed(path);
  if (where?.root === "build" && where.rest !== "") return [where.rest];
  found(`writes ${path}, which is no file below @build@; record it again, with --build where it lies`);
  return [];
}

/** A tracked file that the step reads; what other steps wrote is judged with the records. */
function sourceBelow(path: string, { tracked }: RecordingFacts, found: (message: string) => void): readonly string[] {
  const where = placed(path);
  if (!where) found(`reads ${path}, which lies below no root; record it again, with --source or --build where it lies`);
  if (where?.root !== "source") return [];
  if (tracked.has(where.rest)) return [where.rest];
  found(
    `reads ${where.rest}, which git does not track, so that Nix would not see it; git add it, or record again where the build itself makes it`,
  );
  return [];
}

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];
