import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind } from "../../check/kind.ts";
import { type CheckResult, failed, vacuous } from "../../check/result.ts";
import { endsWell, isIdle } from "../../judge/builders/shell-script.ts";
import { vacuousExpectation } from "../../judge/expectations.ts";
import { judgeProgram } from "../../programs/judge-program.ts";
import { shellPath } from "../../programs/shell-environment.ts";

export const command = defineKind({
  schema: checkSchemas.command,
  kind: "command",
  tier: "run",
  needs: "files",
  guard: "the script is constant: it could not fail whatever the target holds",
  canary: {
    description: "a script that is only exit 0",
    files: { "README.md": "# Constant\n" },
    check: checkSchemas.command.parse({
      kind: "command",
      script: "echo ready; exit 0",
      why: "canary",
      stdout: { contains: "ready" },
    }),
  },
  run: judge,
});

/** Scripts run with these options, so that a failing command or pipe ends them, and no start-up file is read (bash reads one when its input is a socket). */
const BASH = ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c"] as const;

async function judge(check: CheckOf<"command">, context: CheckContext): Promise<CheckResult> {
  const { script } = check;
  if ((script === undefined) === (check.argv === undefined))
    return failed("mismatch", "parse", "the check needs either argv or script");
  const argv = script === undefined ? (check.argv ?? []) : [...BASH, script];
  if (isConstant(check))
    return vacuous("stub", "text", "the command could not fail, whatever the target holds", undefined, { argv });
  const path = await programsOfShell(check, context);
  const program = {
    argv,
    cwd: ".",
    timeoutMs: check.timeout * 1000,
    ...(check.stdin !== undefined && { stdin: check.stdin }),
    ...(path !== undefined && { env: { PATH: path } }),
  };
  return judgeProgram(program, check, context);
}

/**
 * Commands find their programs (bash too) in the flake's own default shell: where they are confined there is nothing else. At a commit without
 * such a shell a command therefore fails unless it names its program by store path.
 */
async function programsOfShell(check: CheckOf<"command">, context: CheckContext): Promise<string | undefined> {
  if (!context.nix || !context.target.hasFlake) return undefined;
  const timeoutMs = check.timeout * 1000;
  const facts = await context.nix.facts(timeoutMs);
  if (!facts.ok || facts.value.attributes[`devShells.${context.system}.default`]?.exists !== true) return undefined;
  const path = await shellPath("default", context, timeoutMs);
  return path?.filter((folder) => folder.startsWith("/nix/store/")).join(":");
}

/**
 * Also true for a script whose outcome is thrown away: `… || true`, `… || echo`, and in other words (`… || { true; }`) where nothing but the exit code is
 * looked at.
 */
function isConstant(check: CheckOf<"command">): boolean {
  const script = check.script ?? scriptOf(check.argv ?? []);
  if (script === undefined) return isIdle((check.argv ?? []).map(quoted).join(" "));
  if (isIdle(script) || /\|\|\s*(?:true|:|echo\b|exit 0)[^\n;&|]*\s*$/.test(script)) return true;
  return vacuousExpectation(check) !== undefined && endsWell(script);
}

/** SCRIPT of `bash -c SCRIPT`. */
function scriptOf([program = "", ...rest]: readonly string[]): string | undefined {
  const at = /(?:^|\/)(?:ba|da)?sh$/.test(program) ? rest.findIndex((argument) => /^-[a-z]*c$/.test(argument)) : -1;
  return at < 0 ? undefined : rest[at + 1];
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
