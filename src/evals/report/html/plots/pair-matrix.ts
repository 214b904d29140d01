import { type Child, element } from "../../../../ui/html/markup.ts";
import { type Figure, svg, table } from "../../../../ui/html/table.ts";
import type { PairSummary, Summary } from "../../../results/summary.ts";
import { answer, points, pValue } from "../../numbers.ts";
import { clipped } from "./forest.ts";

const LEFT = 180;
const CELL = 92;
const HEIGHT = 44;

/** Differences of every two ranked models. */
export function pairMatrix({ models, pairs }: Summary): Figure {
  const names = models.filter(({ role }) => role === "ranked").map(({ model }) => model);
  return {
    id: "pairs",
    title: "Pairs",
    about:
      "Points of resolved that the model of the row has over that of the column. Green: better; red: worse; grey: not told apart, which is an answer too; without a p nothing was tested. One rule decides: the Holm-adjusted p of the cluster sign-flip is at most .05.",
    plot:
      pairs.length === 0
        ? undefined
        : svg(LEFT + CELL * names.length, 32 + HEIGHT * names.length, labelOf(pairs), plot(names, pairs)),
    table: table(
      "Differences between models",
      ["A", "B", "A − B in points", "p", "p (Holm)", "Different", "Within ± 5 points", "Tasks", "Clusters"],
      pairs.map((pair) => [
        pair.a,
        pair.b,
        points(pair.estimate, pair.interval),
        pValue(pair.p),
        pValue(pair.pHolm),
        answer(pair, pair.different),
        answer(pair, pair.equivalent),
        pair.tasks,
        pair.clusters,
      ]),
      [1],
    ),
  };
}

const labelOf = (pairs: readonly PairSummary[]): string =>
  `Matrix of differences. ${pairs.map(({ a, b, estimate, different, p }) => `${a} against ${b}: ${points(estimate, undefined)} points, ${p === undefined ? "not tested" : different ? "different" : "not told apart"}`).join("; ")}.`;

function plot(names: readonly string[], pairs: readonly PairSummary[]): readonly Child[] {
  const seen = new Map<string, { readonly pair: PairSummary; readonly sign: 1 | -1 }>();
  for (const pair of pairs) {
    seen.set(`${pair.a}\0${pair.b}`, { pair, sign: 1 });
    seen.set(`${pair.b}\0${pair.a}`, { pair, sign: -1 });
  }
  return names.flatMap((row, y) => [
    element("text", { x: 0, y: 32 + HEIGHT * y + HEIGHT / 2 + 4 }, clipped(row, 24)),
    element("text", { class: "soft", x: LEFT + CELL * y + CELL / 2, y: 20, "text-anchor": "middle" }, clipped(row, 12)),
    ...names.flatMap((column, x) => {
      const found = seen.get(`${row}\0${column}`);
      if (!found) return [];
      const estimate = found.pair.estimate * found.sign;
      const kind = !found.pair.different ? "even" : estimate > 0 ? "good" : "bad";
      const at = { x: LEFT + CELL * x, y: 32 + HEIGHT * y };
      return [
        element("rect", { class: `cell ${kind}`, ...at, width: CELL, height: HEIGHT }),
        element(
          "text",
          { class: "on", x: at.x + CELL / 2, y: at.y + HEIGHT / 2 + 4, "text-anchor": "middle" },
          points(estimate, undefined),
        ),
      ];
    }),
  ]);
}
