import type { Occurrence } from "./patterns.ts";

/** CI files as lines: YAML of many makers, of which only the commands matter. */

const CI =
  /(?:^|\/)(?:\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci\/config\.ya?ml|\.woodpecker(?:\/[^/]+)?\.ya?ml|\.travis\.yml|azure-pipelines\.ya?ml|\.ci\/[^/]+)$/u;

export const isCi = (path: string): boolean => CI.test(path);

/** Settings that let a failing step pass. */
export function ciWeakenings(path: string, text: string): readonly Occurrence[] {
  if (!isCi(path)) return [];
  return text
    .split("\n")
    .flatMap((line, index): Occurrence[] =>
      /^\s*-?\s*(?:continue-on-error|allow_failure|ignore_failure):\s*true/u.test(line) ||
      /^\s*-?\s*if:\s*(?:false|\$\{\{\s*false\s*\}\})\s*$/u.test(line)
        ? [{ pattern: "continue-on-error", line: index + 1, key: line.trim() }]
        : [],
    );
}

/** Commands and actions of a CI file that are gone, by their text; an action in another version and a command with more words are still there. */
export function lostSteps(path: string, before: string, after: string): readonly Occurrence[] {
  if (!isCi(path)) return [];
  const left = steps(after);
  return steps(before).flatMap((step): Occurrence[] => {
    const at = left.findIndex((other) => covers(other, step));
    if (at >= 0) left.splice(at, 1);
    return at >= 0 ? [] : [{ pattern: "CI step removed", line: 1, key: step, what: step }];
  });
}

function steps(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const code = line.replace(/\s+#.*$/u, "");
    const step =
      code.match(/^\s*-?\s*(?:run|uses|script):\s*(.+)$/u)?.[1] ??
      code.match(/^\s*(?:-\s+)?((?:nix|cargo|npm|make|just)\s+\S.*)$/u)?.[1];
    return step === undefined || /^[|>][-+]?$/u.test(step) ? [] : [step.trim()];
  });
}

/** Words that make a command do less. */
const LESS: ReadonlySet<string> = new Set(["--no-run", "--skip", "--exclude", "--dry-run", "--list", "--no-build"]);

/** Whether `now` still does what `was` did: its words in their order, and no new word that takes from them or throws its outcome away. */
function covers(now: string, was: string): boolean {
  if (now === was) return true;
  if (action(now) !== undefined && action(now) === action(was)) return true;
  const wanted = wordsOf(was);
  const there = wordsOf(now);
  let at = 0;
  for (const word of there) if (word === wanted[at]) at += 1;
  const more = there.filter((word) => !wanted.includes(word));
  return at === wanted.length && !more.some((word) => LESS.has(word) || word === "||" || word === "echo");
}

const wordsOf = (step: string): readonly string[] => step.replace(/^(["'])(.*)\1$/u, "$2").split(/\s+/u);

/** `actions/checkout` of `actions/checkout@v4`. */
const action = (step: string): string | undefined => /^["']?([\w.-]+\/[\w./-]+)@\S+$/u.exec(step)?.[1];
