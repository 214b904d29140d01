import { createHash } from "node:crypto";
import { TIERS, type Tier } from "../../checks.ts";
import type { Crq, Verdict } from "../../model.ts";
import { type Baseline, baselineOf } from "../baseline.ts";
import type { CriterionOutcome, JudgedCheck } from "../outcomes.ts";
import type { AcceptanceRun } from "../runner.ts";
import type { CriterionChanges } from "./changes/by-criterion.ts";
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
  /** Changed files and commits of each criterion. */
  readonly changes: Readonly<Record<string, CriterionChanges>>;
  /** Store path to the sha256 of its NAR, as far as they were asked for. */
  readonly narHashes?: Readonly<Record<string, string>>;
  /** Takes keys out of texts of the document; what checks said comes without them already. */
  readonly redact?: (text: string) => string;
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
    // One that counts has made its weakening `waived`: those that a failure can meet are the idle ones.
    gate: mutable(judgeGate({ ...facts, idleWaivers: crq.metadata?.waivers ?? [] })),
  };
}

const mutable = (gate: ReturnType<typeof judgeGate>): CrqReport["gate"] => ({ ok: gate.ok, failures: [...gate.failures] });

function criterionEvidence(outcome: CriterionOutcome, facts: ReportFacts): CriterionEvidence {
  const { crq, baseline, changes, redact = unchanged } = facts;
  const { criterion, checks } = outcome;
  const changed = changes[criterion.id];
  return {
    id: criterion.id,
    line: criterion.place.line,
    textHash: sha256(JSON.stringify([criterion.text, criterion.need, criterion.checks])),
    text: redact(criterion.text),
    verdict: outcome.verdict,
    tier: highest(checks.map((check) => check.judged.tier)),
    reason: outcome.reason,
    baseline: baseline ? baselineOf(baseline, criterion.id, criterion.need) : null,
    steps: crq.steps.filter((step) => step.criteria.includes(criterion.id)).map((step) => step.number),
    changedFiles: [...(changed?.files ?? [])],
    commits: [...(changed?.commits ?? [])],
    checks: checks.map((check) => checkEvidence(check, facts)),
  };
}

function checkEvidence(
  { index, check, judged, durationMs, log }: JudgedCheck,
  { narHashes, redact = unchanged }: ReportFacts,
): CheckEvidence {
  const { kind, ...params } = check;
  return {
    index,
    kind,
    params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, inTexts(value, redact)])),
    ...(judged.argv !== undefined && { argv: [...judged.argv] }),
    ...(judged.exit !== undefined && { exit: judged.exit }),
    durationMs,
    counts: judged.counts,
    verdict: judged.verdict,
    tier: judged.tier,
    code: judged.code,
    reason: judged.reason,
    warnings: [...judged.warnings],
    diagnoses: judged.diagnoses.map(({ kind, message, fingerprint, position }) => ({
      kind,
      message,
      fingerprint,
      position: position ?? null,
    })),
    ...(judged.outputs && {
      outputs: Object.entries(judged.outputs).map(([name, path]) => ({ name, path, narSha256: narHashes?.[path] ?? null })),
    }),
    log,
  };
}

const unchanged = (text: string): string => text;

/** Applies a function to every string of a parameter's value. */
function inTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => inTexts(item, change));
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inTexts(item, change)]));
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
