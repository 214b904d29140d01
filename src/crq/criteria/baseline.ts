import { createHash } from "node:crypto";
import { z } from "zod";
import { CHECK_KINDS, type Check, type CheckKind, TIERS } from "../checks.ts";
import type { Crq } from "../model.ts";
import { type CheckVerdict, REASON_CODES, type ReasonCode } from "./check/result.ts";
import { KINDS } from "./kinds/registry.ts";
import { type AcceptanceOptions, type AcceptanceRun, runAcceptance } from "./runner.ts";
import { combine } from "./verdicts.ts";

/**
 * The baseline: what every check said at the commit the change starts from. A check that passes there proves nothing about the change, and
 * a CRQ of which nothing was red there asks for nothing (crq-format §7.3).
 */

const CHECK_VERDICTS = ["pass", "fail", "vacuous", "unavailable", "skipped", "manual"] as const satisfies readonly CheckVerdict[];

const baselineCheck = z.strictObject({
  criterion: z.string(),
  index: z.number().int().nonnegative(),
  kind: z.enum(CHECK_KINDS),
  regression: z.boolean(),
  verdict: z.enum(CHECK_VERDICTS),
  code: z.enum(REASON_CODES),
  tier: z.enum(TIERS),
  reason: z.string(),
});
export type BaselineCheck = z.infer<typeof baselineCheck>;

export const BASELINE = "crq-baseline/1";

/** What is stored between runs. A file that does not validate is no baseline. */
export const baselineSchema = z.strictObject({
  schema: z.literal(BASELINE),
  key: z.string(),
  base: z.string(),
  checks: z.array(baselineCheck),
});
export type Baseline = z.infer<typeof baselineSchema>;

export interface BaselineIdentity {
  /** Approval hash, or the hash of the criteria where there is no approval: what is checked. */
  readonly criteria: string;
  /** Full commit id. */
  readonly base: string;
  /** undefined where there is no Nix. */
  readonly nix: string | undefined;
  /** `ExecutionEnvironment.label`. */
  readonly world: string;
  readonly unsafeLocal: boolean;
  /** `crq-agent@0.1.0`: another version may judge in another way. */
  readonly agent: string;
  /** What inputs are judged by, in any form that changes with it. */
  readonly policy: unknown;
}

/** Name under which a baseline is stored: 32 hex digits. Anything that could change an answer is part of it. */
export function baselineKey(identity: BaselineIdentity): string {
  const parts = [
    identity.criteria,
    identity.base,
    identity.nix ?? "none",
    identity.world,
    identity.unsafeLocal ? "unsafe" : "confined",
    identity.agent,
    identity.policy ?? "none",
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** Runs every check on a pristine worktree of the base commit. `options.target` is that worktree; `base` is its own HEAD. */
export async function runBaseline(
  options: AcceptanceOptions,
  key: string,
): Promise<{ readonly baseline: Baseline; readonly run: AcceptanceRun }> {
  const run = await runAcceptance(options);
  const checks = run.criteria.flatMap((criterion) =>
    criterion.checks.map(
      ({ index, check, result }): BaselineCheck => ({
        criterion: criterion.criterion.id,
        index,
        kind: check.kind,
        regression: check.regression,
        verdict: result.verdict,
        code: result.code,
        tier: result.tier,
        reason: result.reason,
      }),
    ),
  );
  return { baseline: { schema: BASELINE, key, base: options.target.base, checks }, run };
}

/** Red at base without a word about content: nothing had changed yet, or the machine gave up. */
const SAYS_NOTHING: ReadonlySet<ReasonCode> = new Set(["unchanged", "timeout", "mutated"]);

/**
 * What the change has to turn round: a `fail`, or a check that found nothing to look at (`vacuous`: no step records yet, a stub). One that is
 * vacuous by its own words stays so at the end, where it is no pass either.
 */
export function isRed(check: BaselineCheck): boolean {
  return (check.verdict === "fail" || check.verdict === "vacuous") && !SAYS_NOTHING.has(check.code);
}

/** Passes at base although it is not said to be a regression check. */
export function isAlreadyTrue(check: BaselineCheck): boolean {
  return check.verdict === "pass" && !check.regression && check.kind !== "manual";
}

export interface BaselineJudgement {
  /** `AC-1.0` of checks whose later pass is worth nothing. */
  readonly alreadyTrue: ReadonlySet<string>;
  /** Checks that could not be judged at base: the whole result is incomplete. */
  readonly incomplete: readonly BaselineCheck[];
  /** Whether at least one check that reaches the evaluator (a `doc` in a CRQ of documents only) was red for its content. */
  readonly red: boolean;
}

/** @param waived criteria for which a person answers: what could not be judged of them at base is part of that */
export function judgeBaseline(baseline: Baseline, waived: ReadonlySet<string> = new Set()): BaselineJudgement {
  // What must only stay true asks for no change: a CRQ whose other checks are all of documents is one of documents.
  const documentsOnly = baseline.checks.filter((check) => !check.regression).every((check) => DOCUMENT_KINDS.has(check.kind));
  return {
    alreadyTrue: new Set(baseline.checks.filter(isAlreadyTrue).map((check) => `${check.criterion}.${check.index}`)),
    incomplete: baseline.checks.filter((check) => check.verdict === "unavailable" && !waived.has(check.criterion)),
    red: baseline.checks.some((check) => isRed(check) && (documentsOnly ? check.kind === "doc" : reachesEvaluator(check.kind))),
  };
}

const DOCUMENT_KINDS: ReadonlySet<CheckKind> = new Set(["doc", "file", "git-scope", "manual"]);

const reachesEvaluator = (kind: CheckKind): boolean => TIERS.indexOf(KINDS[kind].tier) >= TIERS.indexOf("eval");

/** One criterion at base, for the report. */
export function baselineOf(
  baseline: Baseline,
  criterion: string,
  need: "all" | "any",
): { readonly verdict: CheckVerdict; readonly reason: string } {
  const checks = baseline.checks.filter((check) => check.criterion === criterion);
  const verdict = combine(
    need,
    checks.map((check) => check.verdict),
  );
  const decisive = checks.find((check) => check.verdict === verdict);
  return { verdict, reason: decisive?.reason ?? "the criterion has no check" };
}

/** Whether a stored baseline answers for all checks the CRQ has now. */
export function fits(baseline: Baseline, crq: Pick<Crq, "criteria">, key: string): boolean {
  const known = new Set(baseline.checks.map((check) => `${check.criterion}.${check.index}.${check.kind}`));
  const named = (id: string, check: Check, index: number): string => `${id}.${index}.${check.kind}`;
  return (
    baseline.key === key &&
    crq.criteria
      .filter((criterion) => criterion.withdrawn === undefined)
      .every((criterion) => criterion.checks.every((check, index) => known.has(named(criterion.id, check, index))))
  );
}
