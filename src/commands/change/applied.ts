import { join } from "node:path";
import { exitCode, isResumable, type Outcome } from "../../agent/outcome.ts";
import { questionText } from "../../jobs/decisions/question.ts";
import type { ApplyResult } from "../../jobs/work/apply-contract.ts";
import { LIMIT_MOVES } from "../../session/limit-moves.ts";
import { outcomeText } from "../../session/show.ts";
import { acceptanceTable } from "../../ui/acceptance-table.ts";
import { shellWord } from "../../ui/shell-word.ts";
import { money } from "../../ui/text.ts";
import type { Ui } from "../../ui/ui.ts";
import type { OpenSession } from "../wiring/open-session.ts";
import { type TakenQuestion, takenText, waiverMoves } from "./approval/raised-question.ts";

/** What came of a session of `apply`, for people and for programs. */

/** @param verb as its JSON document is named */
export function showResult(
  ui: Ui,
  session: OpenSession,
  result: ApplyResult,
  taken?: TakenQuestion,
  verb: "apply" | "sessions-resume" = "apply",
): number {
  const { outcome, report, handOver, diff, tally, notes } = result;
  const exit = exitCode(outcome);
  const usage = tally?.usage;
  const tokens = usage ? usage.input + usage.cacheRead + usage.cacheWrite + usage.output : 0;
  const text = [
    ...(diff === "" ? [] : [diff.trimEnd(), ""]),
    ...(report ? [acceptanceTable(report, join(session.folder, "report"), ui.width), ""] : []),
    ...notes.map((note) => `Note: ${note}`),
    ...(tally
      ? [
          `${tally.turns} turns, ${tally.builds} builds, ${tokens} tokens, ${money(usage?.usd)}; ${session.open.nix.processes} Nix processes`,
        ]
      : []),
    `Outcome: ${outcomeText(outcome)}`,
    ...handOverText(result),
    ...questionLines(outcome, session.id, taken),
    ...(isResumable(outcome)
      ? [
          `Go on with: crq-agent sessions resume ${session.id}${outcome.kind === "limit" ? LIMIT_MOVES[outcome.limit].option : ""}`,
        ]
      : []),
  ].join("\n");
  ui.result({
    text,
    json: {
      schema: `crq-agent/${verb}/1`,
      ok: exit === 0,
      exit,
      data: {
        session: session.id,
        outcome,
        handOver,
        question: outcome.kind === "question" ? { text: questionText(outcome), taken: taken ?? null } : null,
        kept: result.kept ?? null,
        report: report ?? null,
        evidence: join(session.folder, "report"),
        usage: usage ?? null,
        turns: tally?.turns ?? 0,
        builds: tally?.builds ?? 0,
        nixProcesses: session.open.nix.processes,
        notes,
      },
      diagnostics: [],
    },
  });
  return exit;
}

function questionLines(outcome: Outcome, session: string, taken: TakenQuestion | undefined): readonly string[] {
  if (outcome.kind !== "question") return [];
  if (taken !== undefined) return [takenText(taken)];
  if (outcome.waivers !== undefined) return ["It asks you:", `  ${questionText(outcome)}`, ...waiverMoves(session)];
  return [
    "It asks you, and stops until you answer. Put the question into the CRQ, which is proposed again then:",
    `  crq-agent sessions take ${session}`,
  ];
}

export function handOverText({ handOver }: Pick<ApplyResult, "handOver">): readonly string[] {
  switch (handOver.form) {
    case "branch":
      return [`Handed over as branch ${handOver.branch} (${handOver.commit.slice(0, 12)}): git diff HEAD...${handOver.branch}`];
    case "patch":
      return [`Handed over as ${handOver.path}: git am < ${shellWord(handOver.path)}`];
    case "files":
      return [`Written back: ${handOver.paths.join(", ")}`];
    case "nothing":
      return ["Nothing was handed over; the repository is as it was."];
  }
}
