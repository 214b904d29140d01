import { type Child, element } from "../../../../ui/html/markup.ts";
import { type Figure, svg, table } from "../../../../ui/html/table.ts";
import type { ModelSummary } from "../../../results/summary.ts";
import { NONE, percent, rankRange, withInterval } from "../../numbers.ts";

const LEFT = 220;
const WIDTH = 760;
const RIGHT = 90;
const ROW = 28;
const TOP = 24;

/** Share of resolved trials of each model with its interval, and the letters of those that are tied. */
export function forest(models: readonly ModelSummary[]): Figure {
  const drawn = models.filter(({ resolved }) => resolved);
  return {
    id: "resolved",
    title: "Resolved",
    about:
      "The share of tasks' trials that pass every gate, with its 95 % interval. Models that share a letter are tied; references take no part in the ranking.",
    plot: drawn.length === 0 ? undefined : svg(WIDTH, TOP + ROW * drawn.length + 30, labelOf(drawn), plot(drawn)),
    table: table(
      "Resolved by model",
      ["Model", "Resolved", "Tied", "Rank", "Missing as failed", "Missing as resolved", "Tasks", "Trials", "Missing"],
      models.map((one) => [
        one.model,
        withInterval(one.resolved),
        one.letters || NONE,
        rankRange(one.rank),
        one.resolved ? percent(one.resolved.bounds.low) : NONE,
        one.resolved ? percent(one.resolved.bounds.high) : NONE,
        one.tasks,
        one.trials,
        one.missing,
      ]),
    ),
  };
}

const labelOf = (models: readonly ModelSummary[]): string =>
  `Forest plot. ${models.map(({ model, resolved }) => `${model}: ${withInterval(resolved)}`).join("; ")}.`;

const xOf = (share: number): number => LEFT + share * (WIDTH - LEFT - RIGHT);

function plot(models: readonly ModelSummary[]): readonly Child[] {
  const bottom = TOP + ROW * models.length;
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    element("line", { class: "axis", x1: xOf(share), x2: xOf(share), y1: TOP - 8, y2: bottom }),
    element("text", { class: "soft", x: xOf(share), y: bottom + 18, "text-anchor": "middle" }, percent(share)),
  ]);
  const rows = models.flatMap(({ model, resolved, letters }, at) => {
    if (!resolved) return [];
    const y = TOP + ROW * at + ROW / 2;
    const { estimate, interval } = resolved;
    return [
      element("text", { x: 0, y: y + 4 }, clipped(model)),
      interval && element("line", { class: "bar", x1: xOf(interval.low), x2: xOf(interval.high), y1: y, y2: y }),
      element("circle", { class: "dot", cx: xOf(estimate), cy: y, r: 5 }),
      element("text", { x: xOf(1) + 14, y: y + 4 }, `${percent(estimate)} ${letters}`),
    ];
  });
  return [...ticks, ...rows];
}

const LONGEST = 30;
export const clipped = (name: string, longest = LONGEST): string =>
  name.length <= longest ? name : `${name.slice(0, longest - 1)}…`;
