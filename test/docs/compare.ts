/** Whether a command printed what its guide shows, and if not, where they part, as a diff. Pure. */

/** What differs from run to run reads alike on both sides. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\/nix\/store\/[0-9a-df-np-sv-z]{32}-/g, "/nix/store/HASH-"],
  [/\bsha256-[A-Za-z0-9+/]{43}=/g, "HASH"],
  [/\b\d{8}T\d{6}Z-[0-9a-f]{6}\b/g, "SESSION"],
  [/\b\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?\b/g, "DATE"],
  [/\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{7,11})\b/g, "HASH"],
  [/\b\d+(?:\.\d+)?\s?(?:ms|s)\b/g, "TIME"],
];

const normalised = (line: string): string =>
  VARYING.reduce((text, [pattern, name]) => text.replace(pattern, name), line).trimEnd();

/** `…` alone: any number of lines. Elsewhere in a line: any text. */
const GAP = "…";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function matches(expected: string, actual: string): boolean {
  if (!expected.includes(GAP)) return expected === actual;
  return new RegExp(`^${expected.split(GAP).map(escaped).join(".*")}$`, "u").test(actual);
}

const isGap = (line: string): boolean => line.trim() === GAP;

function tidied(lines: readonly string[]): readonly string[] {
  const all = lines.map(normalised);
  return all.slice(0, all.findLastIndex((line) => line !== "") + 1);
}

/**
 * @returns undefined where the lines are as expected; else every line, `-` before one that is expected and did not come, `+` before one that
 * came and is not expected
 */
export function difference(expected: readonly string[], actual: readonly string[]): string | undefined {
  const wanted = tidied(expected);
  const came = tidied(actual);
  const costs = alignment(wanted, came);
  if (costs[0]?.[0] === 0) return undefined;
  return walk(wanted, came, costs).join("\n");
}

/** `costs[i][j]`: the fewest lines that do not fit from the i-th expected and the j-th actual one on. */
function alignment(wanted: readonly string[], came: readonly string[]): readonly (readonly number[])[] {
  const costs = Array.from({ length: wanted.length + 1 }, () => Array.from({ length: came.length + 1 }, () => 0));
  const at = (i: number, j: number): number => costs[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = wanted.length; i >= 0; i -= 1) {
    for (let j = came.length; j >= 0; j -= 1) {
      const row = costs[i];
      if (row && !(i === wanted.length && j === came.length))
        row[j] = Math.min(...steps(wanted, came, i, j).map((step) => step.cost + at(step.i, step.j)));
    }
  }
  return costs;
}

interface Step {
  readonly i: number;
  readonly j: number;
  readonly cost: number;
  /** Nothing where a gap ends. */
  readonly shown?: string;
}

function steps(wanted: readonly string[], came: readonly string[], i: number, j: number): readonly Step[] {
  const expected = wanted[i];
  const actual = came[j];
  const gap = expected !== undefined && isGap(expected);
  return [
    ...(gap ? [{ i: i + 1, j, cost: 0 }] : []),
    ...(gap && actual !== undefined ? [{ i, j: j + 1, cost: 0, shown: `  ${actual}` }] : []),
    ...(expected !== undefined && actual !== undefined && !gap && matches(expected, actual)
      ? [{ i: i + 1, j: j + 1, cost: 0, shown: `  ${actual}` }]
      : []),
    ...(expected !== undefined && !gap ? [{ i: i + 1, j, cost: 1, shown: `- ${expected}` }] : []),
    ...(actual !== undefined ? [{ i, j: j + 1, cost: 1, shown: `+ ${actual}` }] : []),
  ];
}

function walk(wanted: readonly string[], came: readonly string[], costs: readonly (readonly number[])[]): readonly string[] {
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < wanted.length || j < came.length) {
    const here = costs[i]?.[j] ?? 0;
    const next = steps(wanted, came, i, j).find((step) => step.cost + (costs[step.i]?.[step.j] ?? 0) === here);
    if (!next) throw new Error("no step leads on");
    if (next.shown !== undefined) lines.push(next.shown);
    ({ i, j } = next);
  }
  return lines;
}
