import { fileProblems } from "../../../../../nix/gate/file-rules.ts";
import type { TamperRule } from "../../rule.ts";

const RULES: ReadonlySet<string> = new Set(["git-hook", "git-filter", "submodule"]);

/** Hooks, filters in .gitattributes and submodules: what git runs or fetches by itself, whoever looks at the change. */
export const gitTrick: TamperRule = {
  name: "git-trick",
  confirmedBy: "always",
  tried: "suspicion",
  find: ({ changes }) =>
    changes.flatMap((change) => [
      ...fileProblems(change)
        .filter(({ rule }) => RULES.has(rule))
        .filter(() => change.after !== undefined)
        .map(({ file, line, message }) => `${file}:${line}: ${message}`),
      ...(change.mode === "160000" ? [`${change.path} is a submodule`] : []),
    ]),
};
