import type { Diagnosis } from "../../../nix/diagnosis.ts";
import type { NixFailure } from "../../../nix/nix.ts";
import type { Tier } from "../../checks.ts";

/**
 * Why a check ended as it did, as a word that programs can judge by. `unchanged` is the one red code that says nothing about content: it is
 * red at the base commit only because nothing had changed yet.
 */
export const REASON_CODES = [
  "met",
  "mismatch",
  "no-flake",
  "no-lock",
  "evaluation",
  "build",
  "not-reproducible",
  "missing",
  "forbidden",
  "policy",
  "unchanged",
  "outside-target",
  "exit",
  "signal",
  "timeout",
  "output-limit",
  "mutated",
  "nothing-checked",
  "stub",
  "empty",
  "already-true",
  "canary-accepted",
  "no-nix",
  "unreachable",
  "no-confinement",
  "no-network",
  "other-system",
  "not-supported",
  "aborted",
  "variable",
  "prerequisite",
  "not-selected",
  "not-run",
  "suggested",
  "no-check",
  "internal",
  "answer-pending",
  "answered",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Verdicts one check can have; `waived` belongs to criteria only. */
export type CheckVerdict = "pass" | "fail" | "vacuous" | "unavailable" | "skipped" | "manual";

/** `candidates`: what the check could look at; `checked`: what it did look at. A pass with 0 checked does not exist. */
export interface Counts {
  readonly candidates: number;
  readonly checked: number;
}

export interface CheckResult {
  readonly verdict: CheckVerdict;
  readonly code: ReasonCode;
  /** One sentence for people: what was seen and, unless it passed, what was expected or what is missing. */
  readonly reason: string;
  /** How far the check came: the tier of the proof when it passed, of the failure when it did not. */
  readonly tier: Tier;
  readonly counts: Counts;
  readonly argv?: readonly string[];
  readonly exit?: number;
  /** Output for the log file, as it came. */
  readonly log: string;
  /** What was built: output name to store path. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly diagnoses: readonly Diagnosis[];
  /** Things a person should know although they did not decide the verdict. */
  readonly warnings: readonly string[];
}

export type ResultDetails = Partial<Pick<CheckResult, "argv" | "exit" | "log" | "outputs" | "diagnoses" | "warnings">>;

const NOTHING: Counts = { candidates: 0, checked: 0 };

/** The result with a function applied to every text that a program, Nix or the repository may have written. */
export function withTexts(observed: CheckResult, change: (text: string) => string): CheckResult {
  return {
    ...observed,
    reason: change(observed.reason),
    log: change(observed.log),
    warnings: observed.warnings.map(change),
    diagnoses: observed.diagnoses.map((diagnosis) => ({
      ...diagnosis,
      message: change(diagnosis.message),
      excerpt: change(diagnosis.excerpt),
      next: change(diagnosis.next),
      // Of an unknown failure it holds the message.
      fingerprint: change(diagnosis.fingerprint),
    })),
    ...(observed.argv && { argv: observed.argv.map(change) }),
  };
}

/** The one constructor; the shorter ones below name the common cases. */
export function result(
  verdict: CheckVerdict,
  code: ReasonCode,
  tier: Tier,
  reason: string,
  counts: Counts = NOTHING,
  details: ResultDetails = {},
): CheckResult {
  return { verdict, code, reason, tier, counts, log: "", diagnoses: [], warnings: [], ...details };
}

export const passed = (tier: Tier, reason: string, counts: Counts, details?: ResultDetails): CheckResult =>
  result("pass", "met", tier, reason, counts, details);

export const failed = (code: ReasonCode, tier: Tier, reason: string, counts?: Counts, details?: ResultDetails): CheckResult =>
  result("fail", code, tier, reason, counts, details);

export const vacuous = (code: ReasonCode, tier: Tier, reason: string, counts?: Counts, details?: ResultDetails): CheckResult =>
  result("vacuous", code, tier, reason, counts, details);

export const unavailable = (
  code: ReasonCode,
  tier: Tier,
  reason: string,
  counts?: Counts,
  details?: ResultDetails,
): CheckResult => result("unavailable", code, tier, reason, counts, details);

export const skipped = (code: ReasonCode, reason: string): CheckResult => result("skipped", code, "text", reason);

const TIER_OF_STAGE = { parse: "parse", eval: "eval", fetch: "eval", build: "build", check: "build", run: "run" } as const;

/** A Nix failure as the result of a check: a timeout is a fail, what could not be reached or was stopped is unavailable. */
export function failureOfNix(failure: NixFailure, what: string, counts?: Counts, argv?: readonly string[]): CheckResult {
  const [first] = failure.diagnoses;
  const details: ResultDetails = { log: failure.log, diagnoses: failure.diagnoses, ...(argv && { argv }) };
  const tier = TIER_OF_STAGE[first.stage];
  switch (failure.why) {
    case "aborted":
      return unavailable("aborted", tier, `${what} was stopped before it ended`, counts, details);
    case "unavailable":
      return unavailable("unreachable", tier, `${what} could not be tried: ${first.message}`, counts, details);
    case "timeout":
      return failed("timeout", tier, `${what} took longer than allowed: ${first.message}`, counts, details);
    case "failed": {
      const where = first.position ? ` (${first.position.file}:${first.position.line}:${first.position.column})` : "";
      const code = tier === "build" ? "build" : "evaluation";
      return failed(code, tier, `${what} failed: ${first.message}${where}`, counts, details);
    }
  }
}
