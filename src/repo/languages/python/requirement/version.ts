/** Versions of PEP 440 as far as specifiers on the interpreter need them: the numbers of a release. */

const release = (version: string): readonly number[] | undefined => {
  const numbers = /^v?(?:\d+!)?(?<numbers>\d+(?:\.\d+)*)/.exec(version.trim())?.groups?.numbers;
  return numbers?.split(".").map(Number);
};

function compared(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const CLAUSE = /^(?<op>===|==|!=|<=|>=|~=|<|>)\s*(?<version>[\w.*+!-]+)$/;

/**
 * Whether a version lies within a specifier such as `>=3.9,<4` or `==3.12.*`; Poetry's `^3.9` and `*` are known too. undefined: a clause is
 * not understood, and none that is speaks against it.
 */
export function satisfies(version: string, specifier: string): boolean | undefined {
  const own = release(version);
  if (!own) return undefined;
  const verdicts = specifier
    .split(",")
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "" && clause !== "*")
    .map((clause) => holds(own, clause));
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function holds(own: readonly number[], clause: string): boolean | undefined {
  const caret = /^[\^~](?!=)\s*(?<version>\d.*)$/.exec(clause);
  if (caret) {
    const base = release(caret.groups?.version ?? "");
    if (!base) return undefined;
    const fixed = clause.startsWith("^") ? base.findIndex((number) => number > 0) + 1 || 1 : Math.min(2, base.length);
    return compared(own, base) >= 0 && startsWith(own, base.slice(0, fixed));
  }
  const { op, version = "" } = CLAUSE.exec(clause)?.groups ?? {};
  const wanted = release(version);
  if (op === undefined || !wanted) return undefined;
  const isPrefix = version.endsWith(".*");
  switch (op) {
    case "===":
    case "==":
      return isPrefix ? startsWith(own, wanted) : compared(own, wanted) === 0;
    case "!=":
      return isPrefix ? !startsWith(own, wanted) : compared(own, wanted) !== 0;
    case "<=":
      return compared(own, wanted) <= 0;
    case ">=":
      return compared(own, wanted) >= 0;
    case "<":
      return compared(own, wanted) < 0;
    case ">":
      return compared(own, wanted) > 0;
    default:
      return compared(own, wanted) >= 0 && startsWith(own, wanted.slice(0, -1));
  }
}

const startsWith = (own: readonly number[], prefix: readonly number[]): boolean =>
  prefix.every((number, index) => (own[index] ?? 0) === number);
