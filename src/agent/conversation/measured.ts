/**
 * What two runs of one command print differently although nothing else does: the time of day, how long something took, and the number of a
 * process. Only in the forms that compilers, test runners and shells give them; any other number may be what the text is about.
 */
const MEASURED: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?/gu, "<time>"],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/gu, "<time>"],
  // cargo and libtest: "finished in 0.42s", "target(s) in 1m 02s"; stdenv: "completed in 1 minutes 2 seconds".
  [
    /\b(in|took|after) \d+(?:\.\d+)?(?: ?(?:ms|m|s|min|minutes?|seconds?)\b(?: \d+(?:\.\d+)? ?(?:s|seconds?)\b)?)/gu,
    "$1 <duration>",
  ],
  // time(1)
  [/^(real|user|sys)(\s+)\d+m\d+[.,]\d+s$/gmu, "$1$2<duration>"],
  // Rust from 1.91 on: "thread 'main' (4711) panicked at".
  [/(\bthread '[^'\n]*' )\(\d+\)/gu, "$1(<process>)"],
  [/\b(pid|PID|process)([ :=]+)\d+\b/gu, "$1$2<process>"],
  // bash: "run.sh: line 3:  4711 Aborted".
  [
    /(\bline \d+: +)\d+( (?:Aborted|Killed|Terminated|Segmentation fault|Bus error|Illegal instruction|Floating point exception))/gu,
    "$1<process>$2",
  ],
];

/** The text with all that is measured replaced by its kind. Idempotent. */
export const withoutMeasured = (text: string): string =>
  MEASURED.reduce((before, [pattern, kind]) => before.replace(pattern, kind), text);
