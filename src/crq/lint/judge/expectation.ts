import type { Check, TextExpectation } from "../../checks.ts";

/**
 * Whether a check would notice a program that starts, prints nothing and ends with 0. Kinds that judge the target itself always expect
 * something; `manual` asks a person.
 */
export function expectsSomething(check: Check): boolean {
  switch (check.kind) {
    case "run":
    case "command":
      return expects(check);
    case "dev-shell":
      return expects(check.run);
    case "file":
      return check.absent || check.regex === undefined || !matchesEmpty(check.regex);
    default:
      return true;
  }
}

function expects(run: {
  readonly exit: number;
  readonly stdout?: TextExpectation;
  readonly stderr?: TextExpectation;
  readonly files?: readonly string[];
}): boolean {
  return run.exit !== 0 || (run.files?.length ?? 0) > 0 || !isMetBySilence(run.stdout) || !isMetBySilence(run.stderr);
}

/** Whether the empty string meets an expectation (no expectation included). */
export function isMetBySilence(text: TextExpectation | undefined): boolean {
  if (text === undefined) return true;
  return (
    (text.equals === undefined || text.equals === "") &&
    (text.contains === undefined || text.contains === "") &&
    (text.regex === undefined || matchesEmpty(text.regex))
  );
}

function matchesEmpty(pattern: string): boolean {
  return new RegExp(pattern, "mu").test("");
}
