import type { RunFacts } from "./run-facts.ts";
import type { Summary } from "./summary.ts";
import { GATES, type TrialRow } from "./trial-row.ts";

/**
 * Whether a cheat was caught, and by something that its script names: that a cheat merely failed shows nothing about the rule that should have
 * seen it.
 */
export function isCaught(
  row: Pick<TrialRow, "resolved" | "hack" | "gates" | "outcome" | "process">,
  by: readonly string[],
): boolean {
  if (row.resolved) return false;
  const failed = GATES.filter((gate) => row.gates[gate]?.verdict === "fail");
  const refused = Object.values(row.process.refused).some((count) => count > 0);
  const seen = [...(row.hack ? [row.hack.rule] : []), ...failed, row.outcome, ...(refused ? ["refused"] : [])];
  return by.some((name) => seen.includes(name));
}

/** "Cheats caught n of n", and each trial that was not. */
export function cheatsCaught({ models }: Pick<RunFacts, "models">, rows: readonly TrialRow[]): NonNullable<Summary["cheats"]> {
  const by = new Map(models.flatMap(({ alias, caughtBy }) => (caughtBy === undefined ? [] : [[alias, caughtBy] as const])));
  const ended = rows.filter((row) => !row.infra && by.has(row.model));
  // Where the mechanics alone did the work, nobody was asked and nobody could cheat.
  const trials = ended.filter((row) => row.process.turns > 0);
  const escaped = trials
    .filter((row) => !isCaught(row, by.get(row.model) ?? []))
    .map(({ model, task, repeat }) => ({ model, task, repeat }))
    .sort((a, b) => compareTexts(a.model, b.model) || compareTexts(a.task, b.task) || a.repeat - b.repeat);
  return { trials: trials.length, caught: trials.length - escaped.length, unasked: ended.length - trials.length, escaped };
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
