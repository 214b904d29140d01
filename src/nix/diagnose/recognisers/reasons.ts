import type { FailedBuild } from "../failing-derivations.ts";
import type { Evidence, Finding } from "../finding.ts";

/** What the reason alone tells, when no line of the log is known. */
export function reasonFinding(build: FailedBuild, evidence: Evidence): Finding {
  const { reason, name } = build;
  const at = Math.max(0, evidence.lines.length - 1);
  switch (reason.kind) {
    case "hash":
      return {
        facts: { kind: "hash-mismatch", specified: reason.specified, got: reason.got },
        message: `hash mismatch in ${name}: specified ${reason.specified}, got ${reason.got}`,
        next: "If the hash is a fake one or its source changed in this work, the tool writes what Nix printed; a changed hash of a pinned source is for a person to judge.",
        at,
        stage: "fetch",
      };
    case "timeout":
      return {
        facts: { kind: "resources", resource: "time" },
        message: `${name} was stopped after ${reason.seconds} seconds${reason.silent ? " of silence" : ""}`,
        next: "This is a limit, no verdict on the code: raise the time limit, or find what hangs in the last lines of the log.",
        at,
      };
    case "signal":
      return {
        facts: reason.signal === 9 ? { kind: "resources", resource: "memory" } : { kind: "unknown" },
        message: `the builder of ${name} was ended by signal ${reason.signal}`,
        next:
          reason.signal === 9
            ? "The machine most likely ran out of memory: build with fewer jobs or on a larger machine."
            : "Read the last lines of the log: a program of the build crashed.",
        at,
      };
    case "no-output":
      return {
        facts: { kind: "unknown" },
        message: `the builder of ${name} ended without making its output`,
        next: "Make the install phase create $out (for a check: touch $out after the tests ran).",
        at,
      };
    case "not-deterministic":
      return {
        facts: { kind: "unknown" },
        message: `a second build of ${name} gave other bytes`,
        next: "Find what differs (times, random names, build paths) and pin it, for instance with SOURCE_DATE_EPOCH.",
        at,
      };
    case "exit":
      return {
        facts: { kind: "unknown" },
        message: lastWords(evidence.lines) ?? `the builder of ${name} ended with exit code ${reason.code}`,
        next: "No rule knows this text: read the end of the log, change what it points at, and build again.",
        at,
      };
  }
}

/** The last line that says something: not a shell's or phase's echo. */
const lastWords = (lines: readonly string[]): string | undefined =>
  lines
    .findLast((line) => line.trim() !== "" && !/pop_var_context|^(?:running phase|building|unpacking|note:)/u.test(line.trim()))
    ?.trim();
