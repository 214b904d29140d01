import { plainText } from "../../agent/plain-text.ts";
import type { LeftBroken } from "../../jobs/repair/document.ts";
import type { RepairResult } from "../../jobs/repair.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { outcomeText } from "../../session/show.ts";
import { acceptanceTable } from "../../ui/acceptance-table.ts";
import { money, table } from "../../ui/text.ts";
import { handOverText } from "../change/applied.ts";

/** What a repair did, for people and for programs. */

export interface RepairFacts {
  readonly session: string;
  /** Folder of the evidence. */
  readonly evidence: string;
  /** Nix processes that were started. */
  readonly nixRuns: number;
  readonly seconds: number;
  /** Columns. */
  readonly width: number;
}

export function repairText(result: RepairResult, facts: RepairFacts): string {
  const { outcome, before, after, repairs, report, diff, notes, tally, builds } = result;
  if (outcome.kind === "nothing-to-do")
    return plainText(
      [...notes.map((note) => `Note: ${note}`), outcome.detail.replace(/^n/u, "N"), ...othersLines(result)].join("\n"),
    );
  const tokens = tally ? tally.usage.input + tally.usage.cacheRead + tally.usage.cacheWrite + tally.usage.output : 0;
  const lines = [
    ...(diff === "" ? [] : [diff.trimEnd(), ""]),
    ...(result.broken.length > 0 ? [`Broken: ${result.broken.join(", ")}`, ...distinct(before).flatMap(diagnosisLines), ""] : []),
    ...(repairs.length > 0
      ? [
          outcome.kind === "done" || outcome.kind === "partly" ? "Done:" : "Tried:",
          table(repairs.map(({ name, detail }) => ["⚙", name, detail])),
          "",
        ]
      : []),
    ...(outcome.kind === "partly" ? ["Still broken:", ...result.left.flatMap(leftLines), ""] : []),
    ...(outcome.kind !== "partly" && after && after.fingerprint !== before[0]?.fingerprint
      ? ["What is still wrong:", ...diagnosisLines(after), ""]
      : []),
    ...(report && wasJudged(report) ? [acceptanceTable(report, facts.evidence, facts.width), ""] : []),
    ...notes.map((note) => `Note: ${note}`),
    `${builds} builds, ${facts.nixRuns} Nix processes, ${facts.seconds.toFixed(1)} s; ${tally?.turns ?? 0} turns, ${tokens} tokens, ${money(tally?.usage.usd)}`,
    `Outcome: ${outcomeText(outcome)}`,
    ...handOverText(result),
    ...othersLines(result),
    ...(result.document === undefined ? [] : [`The change request that documents it: ${result.document}`]),
  ];
  return plainText(lines.join("\n"));
}

/** A list of criteria that nobody ran says nothing. */
const wasJudged = ({ criteria }: NonNullable<RepairResult["report"]>): boolean =>
  criteria.some(({ verdict }) => verdict !== "skipped");

/** Causes shown of what was broken: the same one often breaks several outputs. */
const MAX_CAUSES = 5;

const distinct = (diagnoses: readonly Diagnosis[]): readonly Diagnosis[] =>
  [...new Map(diagnoses.map((diagnosis) => [diagnosis.fingerprint, diagnosis])).values()].slice(0, MAX_CAUSES);

const leftLines = ({ attribute, diagnosis }: LeftBroken): readonly string[] => [
  `  ${attribute}`,
  ...(diagnosis ? diagnosisLines(diagnosis).map((line) => `  ${line}`) : []),
];

/** Where an attribute was named: what else of the flake is broken. */
function othersLines({ others }: RepairResult): readonly string[] {
  if (others === undefined || others.broken.length + others.untried.length === 0) return [];
  return [
    ...(others.broken.length > 0
      ? ["Not asked for, and broken all the same (crq-agent repair mends the whole flake):", ...others.broken.flatMap(leftLines)]
      : []),
    ...(others.untried.length > 0 ? [`Not asked for, and not tried: ${others.untried.join(", ")}`] : []),
  ];
}

function diagnosisLines({ kind, message, derivation, position, next }: Diagnosis): readonly string[] {
  const at = position ? `${position.file}:${position.line}:${position.column}: ` : "";
  const where = derivation ? ` (in ${derivation.name})` : "";
  return [`  ${kind}: ${at}${message}${where}`, `  ${next}`];
}

const leftData = ({ attribute, diagnosis }: LeftBroken) => ({ attribute, diagnosis: diagnosis ?? null });

export function repairData(result: RepairResult, facts: RepairFacts): unknown {
  const { outcome, attributes, before, after, repairs, report, handOver, usage } = { ...result, usage: result.tally?.usage };
  return {
    session: facts.session,
    outcome,
    attributes,
    broken: result.broken,
    /** Those of `broken` that what was handed over does not mend. */
    left: result.left.map(leftData),
    /** Nothing is said of them. */
    untried: result.untried,
    /** Where an attribute was named: the rest of the flake; null: not looked at. */
    others: result.others ? { broken: result.others.broken.map(leftData), untried: result.others.untried } : null,
    /** What was wrong at HEAD; null: nothing, or nothing that Nix named. */
    diagnosis: before[0] ?? null,
    /** What is still wrong. */
    remaining: after ?? null,
    repairs,
    proof: report ? { ok: report.gate.ok, commit: report.subject.commit ?? null, report } : null,
    handOver,
    crq: result.document ?? null,
    evidence: facts.evidence,
    nixRuns: facts.nixRuns,
    builds: result.builds,
    seconds: facts.seconds,
    turns: result.tally?.turns ?? 0,
    usage: usage ?? null,
    notes: result.notes,
  };
}
