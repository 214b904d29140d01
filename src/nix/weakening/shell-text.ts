import type { Occurrence } from "./patterns.ts";

/** Shell lines that swallow a failure, wherever shell is written. */

const PATTERNS: readonly (readonly [RegExp, Occurrence["pattern"]])[] = [
  [/\|\|\s*(?:true|:|exit 0|\/bin\/true)(?=\s*(?:$|[;)&|}]))/u, "|| true"],
  [/\|\|\s*(?:echo|printf)\b/u, "|| echo"],
  [/(?:^|[;&|(]\s*|\s)set\s+\+[a-z]*e/u, "set +e"],
  [/(?:^|\s)--(?:impure|accept-flake-config)\b/u, "--impure"],
];

/** @param firstLine number of the text's first line */
export function shellOccurrences(text: string, firstLine: number): readonly Occurrence[] {
  return text.split("\n").flatMap((raw, index) => {
    const line = raw.replace(/(?:^|\s)#.*$/u, "").trimEnd();
    return PATTERNS.filter(([pattern]) => pattern.test(line)).map(([, pattern]) => ({
      pattern,
      line: firstLine + index,
      key: line.trim(),
    }));
  });
}
