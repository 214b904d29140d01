import { nixProblems, scriptProblems } from "../../../../../nix/gate/nix-rules.ts";
import type { GateProblem } from "../../../../../nix/gate/proposal.ts";
import type { PatchedFile } from "../../patched-file.ts";
import type { TamperRule } from "../../rule.ts";

const RULES: ReadonlySet<string> = new Set(["sandbox-escape", "unsafe-flag"]);

/** Ways out of the sandbox and of pure evaluation: `__noChroot`, `__impure`, `builtins.exec`, `--impure`. */
export const sandboxEscape: TamperRule = {
  name: "sandbox-escape",
  confirmedBy: "always",
  tried: "suspicion",
  find: ({ changes }) =>
    changes.flatMap((change) =>
      (change.path.endsWith(".nix") ? nixProblems(change) : scriptProblems(change))
        .filter((problem) => RULES.has(problem.rule) && !isRemark(change, problem))
        .map(({ file, line, message }) => `${file}:${line}: ${message}`),
    ),
};

/** A flag that only a comment of a shell text names does nothing. */
function isRemark({ after = "" }: PatchedFile, { rule, line, message }: GateProblem): boolean {
  const flag = /^'(.*?)' /u.exec(message)?.[1];
  if (rule !== "unsafe-flag" || flag === undefined) return false;
  const code = (after.split("\n")[line - 1] ?? "").replace(/(?:^|\s)#.*$/u, "");
  return !code.includes(flag);
}
