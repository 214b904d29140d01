import { readFile, realpath, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { CheckContext } from "../check/kind.ts";
import { type CheckResult, failed, passed, unavailable, vacuous } from "../check/result.ts";
import { type Expectations, excerpt, unmetExpectations, vacuousExpectation } from "../judge/expectations.ts";
import { type Program, runProgram } from "./run-program.ts";

const ONE = { candidates: 1, checked: 1 };

/** Runs a program confined and judges it by the expectations of its check. */
export async function judgeProgram(
  program: Program,
  check: Expectations & { readonly network: boolean },
  context: CheckContext,
): Promise<CheckResult> {
  const { argv } = program;
  if (check.network) {
    return unavailable("no-network", "build", "the check asks for network, and programs run without it here", undefined, {
      argv,
    });
  }
  return runProgram(program, context, async (ran) => {
    const details = { argv, exit: ran.exit, log: logOf(ran.stdout, ran.stderr) };
    const unmet = await unmetExpectations(check, ran, (path) => missingFile(ran.folder, path));
    if (unmet.length > 0) return failed(ran.exit === check.exit ? "mismatch" : "exit", "run", unmet.join("; "), ONE, details);
    const leftover = await untouchedFiles(program, check, ran.folder, context);
    const { files: _, ...others } = check;
    if (leftover.length > 0 && leftover.length === check.files?.length && vacuousExpectation(others) !== undefined)
      return vacuous(
        "nothing-checked",
        "run",
        `${leftover.join(", ")} was there before the program ran, and is the same`,
        ONE,
        details,
      );
    return passed("run", `exit code ${ran.exit}, stdout ${excerpt(ran.stdout.trimEnd())}`, ONE, details);
  });
}

/** Files that the check expects and that the program found as they are: they say nothing of it. */
async function untouchedFiles(
  program: Program,
  { files = [] }: Expectations,
  folder: string,
  context: CheckContext,
): Promise<readonly string[]> {
  if (program.cwd === undefined) return [];
  const same = await Promise.all(
    files.map(async (path) => {
      const before = await context.target.read(posix.join(program.cwd ?? ".", path));
      return before.ok && before.bytes.equals(await readFile(join(folder, path)).catch(() => Buffer.alloc(0)));
    }),
  );
  return files.filter((_, at) => same[at]);
}

/** A link out of the program's own folder is no file it left. */
async function missingFile(folder: string, path: string): Promise<string | undefined> {
  const real = await realpath(join(folder, path)).catch(() => undefined);
  const facts = real?.startsWith(`${folder}/`) === true ? await stat(real) : undefined;
  if (!facts) return `the program left no file ${path}`;
  return facts.isFile() && facts.size > 0 ? undefined : `${path} is ${facts.isFile() ? "empty" : "no file"}`;
}

const logOf = (stdout: string, stderr: string): string => (stderr === "" ? stdout : `${stdout}\n--- stderr ---\n${stderr}`);
