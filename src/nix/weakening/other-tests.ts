import type { ChangedText, Occurrence } from "./patterns.ts";

/** Tests of Python, JavaScript, Go, CMake and Meson, by their names: fewer of them are run than before. */

interface Language {
  readonly file: RegExp;
  readonly comment: RegExp;
  /** The name of a test in group 1. */
  readonly test: RegExp;
  /** Words that switch one off, or all others. */
  readonly off: RegExp;
}

/** pytest's and unittest's, vitest's, jest's and mocha's, Go's own ("testing"), CMake's (add_test, DISABLED) and Meson's references. */
const LANGUAGES: readonly Language[] = [
  {
    file: /(?:^|\/)(?:test_[^/]+|[^/]+_test|conftest)\.py$|(?:^|\/)tests?\/(?:.*\/)?[^/]+\.py$/u,
    comment: /^\s*#.*$/gmu,
    test: /^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)/gmu,
    off: /@(?:pytest\.mark\.(?:skip|skipif|xfail)|(?:unittest\.)?(?:skip(?:If|Unless)?|expectedFailure))\b|\bpytest\.skip\(|\bself\.skipTest\(/gu,
  },
  {
    file: /\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)__tests__\/(?:.*\/)?[^/]+\.[cm]?[jt]sx?$/u,
    comment: /^\s*\/\/.*$/gmu,
    test: /(?<![\w.])x?(?:it|test)(?:\.\w+)*\s*\(\s*["'`]([^"'`\n]*)/gu,
    off: /(?<![\w.])(?:it|test|describe|suite|context)\.(?:skip|only|todo|fixme|fails)\b|(?<![\w.])[xf](?:it|describe|test)\s*\(/gu,
  },
  {
    file: /_test\.go$/u,
    comment: /^\s*\/\/.*$/gmu,
    test: /^func[ \t]+((?:Test|Fuzz|Example)\w*)[ \t]*\(/gmu,
    off: /\b[a-z]\.Skip(?:f|Now)?\(/gu,
  },
  {
    file: /(?:^|\/)CMakeLists\.txt$|\.cmake$/u,
    comment: /^\s*#.*$/gmu,
    test: /\badd_test\s*\(\s*(?:NAME\s+)?([^\s)]+)/giu,
    off: /\bDISABLED\s+(?:TRUE|ON|1)\b/giu,
  },
  {
    file: /(?:^|\/)meson\.build$/u,
    comment: /^\s*#.*$/gmu,
    test: /(?<![\w.])test\s*\(\s*'([^'\n]*)/gu,
    off: /\bshould_fail\s*:\s*true\b/gu,
  },
];

/**
 * Of all files of a language together, so that a test that moved is still there. A test under a new name takes the place of one that is gone; a new one
 * that is skipped from its start takes nothing. A file that is gone as a whole is told by itself.
 */
export function lostOtherTests(files: readonly ChangedText[]): readonly (Occurrence & { readonly file: string })[] {
  return LANGUAGES.flatMap((language) => {
    const read = files
      .filter(({ path, after }) => language.file.test(path) && after !== undefined)
      .map(({ path, before = "", after = "" }) => ({ path, was: tests(before, language), is: tests(after, language) }));
    const gone = read.flatMap(({ path, was, is }) => beyond(was.names, is.names).map((name) => ({ path, name })));
    const fresh = read.flatMap(({ was, is }) => beyond(is.names, was.names));
    const lost = gone.filter(({ name }) => !fresh.includes(name));
    const renamed = fresh.filter((name) => !gone.some((one) => one.name === name)).length;
    const off = read.flatMap(({ path, was, is }) => beyond(is.off, was.off).map((name) => ({ path, name })));
    const wasOff = read.flatMap(({ was, is }) => beyond(was.off, is.off)).length;
    return [
      ...lost.slice(renamed).map(({ path, name }) => finding(path, "test removed", name)),
      ...off.slice(wasOff + Math.max(0, renamed - lost.length)).map(({ path, name }) => finding(path, "test skipped", name)),
    ];
  });
}

const finding = (file: string, pattern: Occurrence["pattern"], what: string): Occurrence & { file: string } => ({
  file,
  pattern,
  line: 1,
  key: what,
  what,
});

function tests(
  source: string,
  { comment, test, off }: Language,
): { readonly names: readonly string[]; readonly off: readonly string[] } {
  const code = source.replace(comment, "");
  return {
    names: [...code.matchAll(test)].flatMap(([, name]) => name ?? []),
    off: [...code.matchAll(off)].map(([word]) => word.replace(/\s*\($/u, "")),
  };
}

/** Names of `some` beyond those of `others`, each counted as often as it stands. */
function beyond(some: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const name of others) left.set(name, (left.get(name) ?? 0) + 1);
  return some.filter((name) => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count <= 0;
  });
}
