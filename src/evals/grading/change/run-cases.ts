import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TextExpectation } from "../../../crq/checks.ts";
import type { RunContext } from "../../../crq/criteria/check/kind.ts";
import { type CheckResult, failed, passed } from "../../../crq/criteria/check/result.ts";
import { unmetExpectations } from "../../../crq/criteria/judge/expectations.ts";
import { runProgram } from "../../../crq/criteria/programs/run-program.ts";
import type { ChecksFile } from "../../task/checks-file.ts";
import { PARTS, type Task } from "../../task/task.ts";
import { fail, type Judgement, pass } from "./gate.ts";
import { requireMachine } from "./observe.ts";

export type Case = ChecksFile["case"][number];

/** A program under test answers at once or hangs (evals.md §4.2). */
const CASE_TIMEOUT_MS = 20_000;

const ONE = { candidates: 1, checked: 1 };

/** A file of the task's hidden folder. */
export const hiddenFile = (task: Task, name: string): Promise<Buffer> => readFile(join(task.directory, PARTS.checks, name));

/**
 * Runs one case confined and judges it by exit code and outputs alone.
 * @param outputs store path of each of the task's `build.attrs`
 * @param stdout instead of what the case expects: what it must print after a mutation
 */
export async function runCase(
  task: Task,
  one: Case,
  outputs: readonly string[],
  context: RunContext,
  stdout: TextExpectation | undefined = undefined,
): Promise<CheckResult> {
  const argv = one.argv.map((word) => withOutputs(word, outputs));
  const files = await Promise.all(
    Object.entries(one.files).map(async ([name, file]) => [name, await hiddenFile(task, file)] as const),
  );
  const [wantedStdout, wantedStderr] = await Promise.all([stdout ?? expected(task, one.stdout), expected(task, one.stderr)]);
  const program = {
    argv,
    timeoutMs: CASE_TIMEOUT_MS,
    files: new Map(files),
    ...(one.stdin !== undefined && { stdin: await hiddenFile(task, one.stdin) }),
  };
  return runProgram(program, context, async (ran) => {
    const wanted = {
      exit: one.exit,
      ...(wantedStdout && { stdout: wantedStdout }),
      ...(wantedStderr && { stderr: wantedStderr }),
    };
    const unmet = await unmetExpectations(wanted, ran, async () => undefined);
    const details = { argv, exit: ran.exit, log: `${ran.stdout}\n--- stderr ---\n${ran.stderr}` };
    return unmet.length > 0
      ? failed("mismatch", "run", unmet.join("; "), ONE, details)
      : passed("run", `exit code ${ran.exit}`, ONE, details);
  });
}

/** `${out:N}` is the output of the N-th of `build.attrs`; where there is none the program will not be found. */
const withOutputs = (word: string, outputs: readonly string[]): string =>
  word.replace(/\$\{out:(\d+)\}/gu, (whole, index: string) => outputs[Number(index)] ?? whole);

async function expected(task: Task, text: Case["stdout"]): Promise<TextExpectation | undefined> {
  if (text === undefined || !("file" in text)) return text;
  return { equals: (await hiddenFile(task, text.file)).toString("utf8") };
}

/** All of these cases; every one is run, so that the log names all that fail. */
export async function judgeCases(
  cases: readonly Case[],
  run: (one: Case) => Promise<CheckResult>,
  context: Pick<RunContext, "environment">,
): Promise<Judgement> {
  const failing: string[] = [];
  const logs: string[] = [];
  for (const one of cases) {
    const result = await run(one);
    await requireMachine(result, context.environment);
    logs.push(`=== ${one.name}: ${result.verdict}: ${result.reason}\n${JSON.stringify(result.argv ?? [])}\n${result.log}`);
    if (result.verdict !== "pass") failing.push(`${one.name}: ${result.reason}`);
  }
  const log = logs.join("\n");
  return failing.length > 0
    ? fail(`${failing.length} of ${cases.length} cases: ${failing.join("; ")}`, log)
    : pass(cases.length === 1 ? "1 case" : `${cases.length} cases`, log);
}
