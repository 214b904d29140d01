import { createHash } from "node:crypto";
import { TIERS, type Tier } from "../../checks.ts";
import type { Crq, Verdict } from "../../model.ts";
import { type Baseline, baselineOf } from "../baseline.ts";
import type { CriterionOutcome, JudgedCheck } from "../outcomes.ts";
import type { AcceptanceRun } from "../runner.ts";
import type {
  CanaryEvidence,
  CheckEvidence,
  CriterionEvidence,
  CrqReport,
  ReportEnvironment,
  Subject,
  WeakeningEvidence,
} from "./evidence.ts";
import { judgeGate } from "./gate.ts";

/** Puts the report together. Pure: equal facts give an equal report. */

export interface ReportFacts {
  readonly crq: Crq;
  /** The approval hash of scope and criteria as they are now. */
  readonly hash: string | undefined;
  readonly subject: Subject;
  readonly env: ReportEnvironment;
  readonly run: AcceptanceRun;
  readonly outcomes: readonly CriterionOutcome[];
  readonly baseline: Baseline | undefined;
  readonly canaries: readonly CanaryEvidence[];
  readonly weakenings: readonly WeakeningEvidence[];
  readonly unrequested: readonly string[];
  readonly tampering: readonly string[];
  /** Changed files and commits of each criterion, where they are known (commit trailers). */
  readonly changes?: Readonly<Record<string, { readonly files: readonly string[]; readonly commits: readonly string[] }>>;
}

export function buildReport(facts: ReportFacts): CrqReport {
  const { crq } = facts;
  return {
    schema: "crq-report/1",
    crq: {
      id: crq.metadata?.id ?? crq.title?.id ?? "",
      title: crq.metadata?.title ?? crq.title?.text ?? "",
      path: crq.path,
      hash: facts.hash ?? null,
    },
    subject: facts.subject,
    env: facts.env,
    canaries: [...facts.canaries],
    criteria: facts.outcomes.map((outcome) => criterionEvidence(outcome, facts)),
    weakenings: [...facts.weakenings],
    unrequested: [...facts.unrequested],
    totals: totalsOf(facts.outcomes.map((outcome) => outcome.verdict)),
    cost: { durationMs: Math.round(facts.run.durationMs), nixProcesses: facts.run.nixProcesses },
    gate: mutable(judgeGate(facts)),
  };
}

const mutable = (gate: ReturnType<typeof judgeGate>): CrqReport["gate"] => ({ ok: gate.ok, failures: [...gate.failures] });

function criterionEvidence(outcome: CriterionOutcome, { crq, baseline, changes }: ReportFacts): CriterionEvidence {
  const { criterion, checks } = outcome;
  const changed = changes?.[criterion.id];
  return {
    id: criterion.id,
    textHash: sha256(JSON.stringify([criterion.text, criterion.need, criterion.checks])),
    text: criterion.text,
    verdict: outcome.verdict,
    tier: highest(checks.map((check) => check.judged.tier)),
    reason: outcome.reason,
    baseline: baseline ? baselineOf(baseline, criterion.id, criterion.need) : null,
    steps: crq.steps.filter((step) => step.criteria.includes(criterion.id)).map((step) => step.number),
    changedFiles: [...(changed?.files ?? [])],
    commits: [...(changed?.commits ?? [])],
    checks: checks.map(checkEvidence),
  };
}

function checkEvidence({ index, check, judged, durationMs, log }: JudgedCheck): CheckEvidence {
  const { kind, ...params } = check;
  return {
    index,
    kind,
    params,
    ...(judged.argv !== undefined && { argv: [...judged.argv] }),
    ...(judged.exit !== undefined && { exit: judged.exit }),
    durationMs,
    counts: judged.counts,
    verdict: judged.verdict,
    tier: judged.tier,
    code: judged.code,
    reason: judged.reason,
    warnings: [...judged.warnings],
    fingerprints: judged.diagnoses.map((diagnosis) => diagnosis.fingerprint),
    log,
  };
}

const highest = (tiers: readonly Tier[]): Tier => TIERS.findLast((tier) => tiers.includes(tier)) ?? "text";

function totalsOf(verdicts: readonly Verdict[]): CrqReport["totals"] {
  const of = (verdict: Verdict): number => verdicts.filter((candidate) => candidate === verdict).length;
  return {
    pass: of("pass"),
    fail: of("fail"),
    vacuous: of("vacuous"),
    unavailable: of("unavailable"),
    skipped: of("skipped"),
    waived: of("waived"),
    manual: of("manual"),
    criteria: verdicts.length,
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
