import type { TextExpectation } from "../../checks.ts";

/** What a program may be expected to do beyond ending, and how that is judged. */

export interface Expectations {
  readonly exit: number;
  readonly stdout?: TextExpectation;
  readonly stderr?: TextExpectation;
  readonly files?: readonly string[];
}

/** One final line break is not part of a text that people compare by eye. */
const trimmed = (text: string): string => text.replace(/\r?\n$/, "");

/** What a text lacks, one sentence each; empty: all of it holds. `name` is `stdout` or `stderr`. */
export function unmetText(name: string, expected: TextExpectation | undefined, actual: string): string[] {
  if (!expected) return [];
  const problems: string[] = [];
  if (expected.equals !== undefined && trimmed(expected.equals) !== trimmed(actual)) {
    problems.push(`${name} is ${excerpt(actual)} instead of ${excerpt(expected.equals)}`);
  }
  if (expected.contains !== undefined && !actual.includes(expected.contains)) {
    problems.push(`${name} does not contain ${excerpt(expected.contains)}: ${excerpt(actual)}`);
  }
  if (expected.regex !== undefined && !new RegExp(expected.regex, "mu").test(actual)) {
    problems.push(`${name} does not match /${expected.regex}/: ${excerpt(actual)}`);
  }
  return problems;
}

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run lacks of its expectations, one sentence each. `missingFile` says why a file it should have left is not there, or undefined. */
export async function unmetExpectations(
  expected: Expectations,
  ran: Ran,
  missingFile: (path: string) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  if (ran.exit !== expected.exit) problems.push(`exit code ${ran.exit} instead of ${expected.exit}${lastLine(ran.stderr)}`);
  problems.push(...unmetText("stdout", expected.stdout, ran.stdout), ...unmetText("stderr", expected.stderr, ran.stderr));
  for (const path of expected.files ?? []) {
    const problem = await missingFile(path);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

function lastLine(stderr: string): string {
  const line = stderr.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : ` (${excerpt(line)})`;
}

/** Why a pass would prove nothing, or undefined: no expectation beyond exit 0, or only such as a silent program meets. */
export function vacuousExpectation(expected: Expectations): string | undefined {
  if (expected.exit !== 0 || (expected.files !== undefined && expected.files.length > 0)) return undefined;
  const texts = [expected.stdout, expected.stderr].filter((text) => text !== undefined && Object.keys(text).length > 0);
  if (texts.length === 0) return "nothing is expected beyond exit code 0";
  return texts.every((text) => unmetText("", text, "").length === 0)
    ? "a program that prints nothing meets the expectation"
    : undefined;
}

const LONGEST_EXCERPT = 120;

/** A text in one line, quoted, shortened in the middle. */
export function excerpt(text: string): string {
  return excerptOfValue(text);
}

/** A JSON value as text, cut in the middle when it is long. */
export function excerptOfValue(value: unknown): string {
  const shown = JSON.stringify(value) ?? "null";
  return shown.length <= LONGEST_EXCERPT ? shown : `${shown.slice(0, 80)}…${shown.slice(-30)}`;
}
