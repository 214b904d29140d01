import type { Occurrence } from "./patterns.ts";
import { shellOccurrences } from "./shell-text.ts";

const SCRIPT =
  /(?:\.(?:sh|bash|zsh|mk|yml|yaml)|(?:^|\/)(?:Makefile|makefile|GNUmakefile|justfile|Justfile|\.envrc|Earthfile|Dockerfile))$/u;
const CI =
  /(?:^|\/)(?:\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci\/config\.ya?ml|\.woodpecker(?:\/[^/]+)?\.ya?ml|\.travis\.yml|azure-pipelines\.ya?ml|\.ci\/[^/]+)$/u;

/** Scripts, Makefiles and CI files; package.json's scripts are left alone (`|| true` is common there and nothing here runs them). */
export const scriptWeakenings = (path: string, text: string): readonly Occurrence[] =>
  SCRIPT.test(path) || CI.test(path) ? shellOccurrences(text, 1) : [];

/** Steps of a CI file by their text, and settings that let a failing step pass. */
export function ciWeakenings(
  path: string,
  text: string,
): { readonly steps: readonly string[]; readonly found: readonly Occurrence[] } {
  if (!CI.test(path)) return { steps: [], found: [] };
  const lines = text.split("\n");
  const steps = lines.flatMap((line) => {
    const step =
      line.match(/^\s*-?\s*(?:run|uses|script):\s*(.+)$/u)?.[1] ??
      line.match(/^\s*(?:-\s+)?((?:nix|cargo|npm|make|just)\s+\S.*)$/u)?.[1];
    return step === undefined || /^[|>][-+]?$/u.test(step) ? [] : [step.trim()];
  });
  const found = lines.flatMap((line, index): Occurrence[] =>
    /^\s*-?\s*(?:continue-on-error|allow_failure|ignore_failure):\s*true/u.test(line) ||
    /^\s*-?\s*if:\s*(?:false|\$\{\{\s*false\s*\}\})\s*$/u.test(line)
      ? [{ pattern: "continue-on-error", line: index + 1, key: line.trim() }]
      : [],
  );
  return { steps, found };
}

/** Tests that are compiled but no longer run. */
export function rustWeakenings(text: string): readonly Occurrence[] {
  return text.split("\n").flatMap((line, index): Occurrence[] => {
    const code = line.replace(/\/\/.*$/u, "");
    return /#\[(?:cfg_attr\([^)]*,\s*)?ignore\b/u.test(code)
      ? [{ pattern: "test ignored", line: index + 1, key: code.trim() }]
      : [];
  });
}
