import { isCi } from "./ci-text.ts";
import type { Occurrence } from "./patterns.ts";
import { deedsOf } from "./shell/deeds.ts";
import { shellOccurrences, unheardTests } from "./shell/shell-text.ts";

const SCRIPT =
  /(?:\.(?:sh|bash|zsh|mk|yml|yaml)|(?:^|\/)(?:Makefile|makefile|GNUmakefile|justfile|Justfile|\.envrc|Earthfile|Dockerfile))$/u;
const RECIPES = /(?:\.mk|(?:^|\/)(?:Makefile|makefile|GNUmakefile|justfile|Justfile))$/u;

/** Scripts, Makefiles and CI files; package.json's scripts are left alone (`|| true` is common there and nothing here runs them). */
export const scriptWeakenings = (path: string, text: string): readonly Occurrence[] => [
  ...(SCRIPT.test(path) || isCi(path) ? shellOccurrences(text, 1) : []),
  ...(/\.(?:sh|bash)$/u.test(path) ? unheardTests(text, 1) : []),
];

/** Recipe lines of make and just whose failure counted before and, with a `-` in front, does no longer. */
export function ignoredFailures(path: string, before: string, after: string): readonly Occurrence[] {
  if (!RECIPES.test(path)) return [];
  const was = new Map(recipes(before).map(({ command, ignored }) => [command, ignored]));
  return recipes(after)
    .filter(({ command, ignored }) => ignored && was.get(command) === false)
    .map(({ command, line }) => ({ pattern: "failure ignored", line, key: command, what: command }));
}

function recipes(text: string): readonly { readonly command: string; readonly ignored: boolean; readonly line: number }[] {
  return text.split("\n").flatMap((raw, index) => {
    const [, signs, command] = /^[ \t]+([-@+]*)\s*(\S.*?)\s*$/u.exec(raw) ?? [];
    return command === undefined ? [] : [{ command, ignored: signs?.includes("-") === true, line: index + 1 }];
  });
}

/** Targets of make and just by which a project is tested, that did something before and do nothing now, or are gone from a file that is still there. */
export function idleTargets(path: string, before: string, after: string): readonly Occurrence[] {
  if (!RECIPES.test(path) || after === "") return [];
  const is = testTargets(after);
  return [...testTargets(before)]
    .filter(([name, does]) => does && is.get(name) !== true)
    .map(([name]) => ({ pattern: "test removed", line: 1, key: name, what: name }));
}

/** Name to whether its recipe, or a target that it names, does something. */
function testTargets(text: string): ReadonlyMap<string, boolean> {
  const targets = new Map<string, boolean>();
  let name: string | undefined;
  for (const line of text.split("\n")) {
    const [, target, rest = ""] = /^((?:test|check)[\w-]*)\s*::?(?!=)([^#]*)/u.exec(line) ?? [];
    if (target !== undefined) {
      name = target;
      const [needed = "", ...commands] = rest.split(";");
      targets.set(name, targets.get(name) === true || needed.trim() !== "" || deedsOf(commands.join(";")).length > 0);
    } else if (/^\s+\S/u.test(line) && name !== undefined)
      targets.set(name, targets.get(name) === true || deedsOf(line.replace(/^\s+[-@+]*/u, "")).length > 0);
    else if (line.trim() !== "") name = undefined;
  }
  return targets;
}

const TEST_FILE =
  /(?:^|\/)(?:tests?|spec|__tests__)\/(?:.*\/)?[^/]+\.(?:rs|py|js|ts|go|sh|bats|nix|c|cc|cpp|rb|exs|hs)$|(?:^|\/)test_[^/]+\.py$|_test\.(?:go|py|rs)$|\.(?:test|spec)\.[jt]sx?$/u;

/** A file that holds tests by its place or name. */
export const isTestFile = (path: string): boolean => TEST_FILE.test(path);
