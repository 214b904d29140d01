import { redactEvidence, secretsOf } from "../../system/redact.ts";
import { graphProblems } from "../dependency-graph.ts";
import { MACHINE_ROOT, type StepRecord } from "./records.ts";

/** What is wrong with a set of records, each with the next move. Pure. */

export interface StepProblem {
  /** `FILE:LINE` of the record; of the set as a whole: empty. */
  readonly place: string;
  readonly message: string;
}

/**
 * Problems of records that parse: ids or numbers twice, a cycle, `depends` that do not fit the inputs, a built file that no step wrote, stub
 * commands, failed steps, steps that wrote nothing, paths of one machine, secrets. An empty set has none of these: count first.
 */
export function stepProblems(records: readonly StepRecord[]): readonly StepProblem[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return [
    ...graphProblems(records).map((message) => ({ place: "", message })),
    ...numbersTwice(records),
    ...records.flatMap((record) => {
      const messages = [
        ...(record.form === "current" ? [...runProblems(record), ...edgeProblems(record, byId, records)] : []),
        ...stubProblems(record),
        ...leakProblems(record),
      ];
      return messages.map((message) => ({ place: record.place, message: `"${record.id}" ${message}` }));
    }),
  ];
}

function numbersTwice(records: readonly StepRecord[]): readonly StepProblem[] {
  const seen = new Set<number>();
  return records.flatMap(({ form, seq, place, id }) => {
    if (form === "older") return [];
    if (seen.has(seq)) return [{ place, message: `"${id}" has the number ${seq}, which another step has too` }];
    seen.add(seq);
    return [];
  });
}

function runProblems({ exit, outputs }: StepRecord): readonly string[] {
  if (exit !== null && exit !== 0) return [`failed with exit code ${exit}; mend the build and record it again`];
  return exit === 0 && outputs.length === 0 ? ["wrote no file, so that nothing can rest on it; leave it out"] : [];
}

function edgeProblems(record: StepRecord, byId: ReadonlyMap<string, StepRecord>, all: readonly StepRecord[]): readonly string[] {
  const built = record.inputs.map(({ path }) => path).filter((path) => path.startsWith("@build@/"));
  const lower = record.depends.flatMap((id) => byId.get(id) ?? []);
  const given = new Set(lower.flatMap(({ outputs }) => outputs));
  const read = new Set(built);
  return [
    ...built
      .filter((path) => !given.has(path))
      .map((path) => {
        const writers = all.filter(({ id, outputs }) => id !== record.id && outputs.includes(path));
        const [writer = writers[0]] = writers.filter(({ seq }) => seq < record.seq);
        if (writer !== undefined && writer.seq > record.seq)
          return `reads ${path}, which "${writer.id}" wrote only later: it was there from an earlier build; record a clean one`;
        return writer
          ? `reads ${path}, which "${writer.id}" wrote, but does not depend on it`
          : `reads ${path}, which no recorded step wrote; record a clean build, or wrap the tool that writes it with --also NAME`;
      }),
    ...lower
      .filter(({ outputs }) => !outputs.some((path) => read.has(path)))
      .map(({ id }) => `depends on "${id}", which wrote none of its inputs`),
  ];
}

/** Commands that end well and make nothing of their inputs. */
const STUBS: ReadonlySet<string> = new Set([":", "true", "false", "echo", "printf", "sleep", "touch", "exit"]);
const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "busybox"]);

function stubProblems({ tool, args }: StepRecord): readonly string[] {
  const script = SHELLS.has(tool) ? args[args.indexOf("-c") + 1] : undefined;
  const word = script === undefined ? tool : (/^\s*(\S+)/u.exec(script)?.[1] ?? ":");
  const alone = script === undefined || !/[;&|\n]/u.test(script);
  return STUBS.has(word) && alone ? [`is a stub: ${word} builds nothing; record the real command`] : [];
}

/** Places that exist on one machine, or for one person. */
const PRIVATE_PATH =
  /(?<=^|(?:^|[\s,=])-[A-Za-z]+|[^\w.@}~/-])\/(?:home|Users|root|tmp|private|work|workspace|mnt|Volumes)\/[^\s"':,;=]*/u;

function leakProblems(record: StepRecord): readonly string[] {
  const { id, command, args, env, cwd, inputs, outputs, stdin, stdout } = record;
  const texts = [
    ...[id, command, cwd, ...args, ...outputs, ...inputs.map(({ path }) => path)],
    ...Object.entries(env).flat(),
    ...[stdin, stdout].flatMap((path) => path ?? []),
  ];
  const secret = texts.some((text) => redactEvidence(text, []) !== text) || secretsOf(env).length > 0;
  const outside = texts.find((text) => text.includes(`${MACHINE_ROOT}/`)) ?? texts.find((text) => PRIVATE_PATH.test(text));
  return [
    ...(secret ? ["holds what looks like a key; change that key, and take the record out of every place it was copied to"] : []),
    ...(outside === undefined || record.form === "older"
      ? []
      : [
          `names a path of one machine (${outside}); move that file below the project, or give its folder with --source or --build`,
        ]),
  ];
}
