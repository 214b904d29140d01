import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { silentProgram } from "../../canaries/silent-program.ts";
import { type CheckContext, defineKind } from "../../check/kind.ts";
import { type CheckResult, vacuous } from "../../check/result.ts";
import { vacuousExpectation } from "../../judge/expectations.ts";
import { judgeProgram } from "../../programs/judge-program.ts";

export const run = defineKind({
  schema: checkSchemas.run,
  kind: "run",
  tier: "run",
  needs: "files",
  guard:
    "nothing is expected beyond exit code 0, a silent program would meet it, or the only files it is to leave were there before",
  canary: {
    description: "a program that prints nothing where a word is asked for",
    files: { silent: silentProgram(process.arch) ?? "#!/bin/sh\n:\n" },
    check: checkSchemas.run.parse({ kind: "run", argv: ["./silent"], cwd: ".", stdout: { contains: "ready" } }),
  },
  run: judge,
});

async function judge(check: CheckOf<"run">, context: CheckContext): Promise<CheckResult> {
  const nothing = vacuousExpectation(check);
  if (nothing !== undefined) return vacuous("nothing-checked", "text", nothing, undefined, { argv: check.argv });
  const program = {
    argv: check.argv,
    timeoutMs: check.timeout * 1000,
    ...(check.stdin !== undefined && { stdin: check.stdin }),
    ...(check.env !== undefined && { env: check.env }),
    ...(check.cwd !== undefined && { cwd: check.cwd }),
  };
  return judgeProgram(program, check, context);
}
