import { type Child, element } from "../../../../ui/html/markup.ts";
import { type Figure, svg, table } from "../../../../ui/html/table.ts";
import type { ModelSummary } from "../../../results/summary.ts";
import { amount, amountOf, dollars, NONE, percent, shareOf, withInterval } from "../../numbers.ts";
import { clipped } from "./forest.ts";

const WIDTH = 760;
const HEIGHT = 320;
const LEFT = 60;
const BOTTOM = 44;

interface Point {
  readonly model: string;
  readonly resolved: number;
  readonly resolvedInterval: { readonly low: number; readonly high: number };
  readonly usd: number;
  readonly usdInterval: { readonly low: number; readonly high: number };
}

/** Dollars of a success against the share resolved, each with a cross of intervals. */
export function cost(models: readonly ModelSummary[]): Figure {
  const points = models.flatMap((one): readonly Point[] => {
    const usd = one.perSuccess.usd;
    if (!one.resolved || !usd) return [];
    const { estimate, interval = { low: estimate, high: estimate } } = one.resolved;
    return [
      {
        model: one.model,
        resolved: estimate,
        resolvedInterval: interval,
        usd: usd.estimate,
        usdInterval: usd.interval ?? { low: usd.estimate, high: usd.estimate },
      },
    ];
  });
  // Where nothing cost anything there is no axis to draw.
  const spent = points.some(({ usdInterval }) => usdInterval.high > 0);
  return {
    id: "cost",
    title: "Cost",
    about:
      "Dollars for each resolved trial against the share resolved; the arms of a cross are 95 % intervals. A model whose price is not known stands in the table alone.",
    plot: !spent ? undefined : svg(WIDTH, HEIGHT, labelOf(points), plot(points)),
    table: table(
      "Cost of a success",
      ["Model", "Resolved", "$ a success", "Model calls", "Output tokens", "Working seconds", "Without a token", "All dollars"],
      models.map((one) => [
        one.model,
        withInterval(one.resolved),
        dollars(one.perSuccess.usd),
        amountOf(one.perSuccess.calls),
        amountOf(one.perSuccess.outputTokens),
        amountOf(one.perSuccess.workingSeconds),
        shareOf(one.zeroToken),
        one.usd === undefined ? NONE : `$${amount(one.usd)}`,
      ]),
    ),
  };
}

const labelOf = (points: readonly Point[]): string =>
  `Cost against resolved. ${points.map(({ model, usd, resolved }) => `${model}: $${amount(usd)} a success, ${percent(resolved)} resolved`).join("; ")}.`;

function plot(points: readonly Point[]): readonly Child[] {
  const most = Math.max(...points.map(({ usdInterval }) => usdInterval.high));
  const x = (usd: number): number => LEFT + (usd / most) * (WIDTH - LEFT - 120);
  const y = (share: number): number => (1 - share) * (HEIGHT - BOTTOM - 16) + 16;
  return [
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      element("line", { class: "axis", x1: LEFT, x2: WIDTH - 110, y1: y(share), y2: y(share) }),
      element("text", { class: "soft", x: LEFT - 8, y: y(share) + 4, "text-anchor": "end" }, percent(share)),
    ]),
    ...[0, 0.5, 1].map((part) =>
      element(
        "text",
        { class: "soft", x: x(part * most), y: HEIGHT - BOTTOM + 22, "text-anchor": "middle" },
        `$${amount(part * most)}`,
      ),
    ),
    element("text", { class: "soft", x: (LEFT + WIDTH - 110) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, "dollars a success"),
    ...points.flatMap(({ model, resolved, resolvedInterval, usd, usdInterval }) => [
      element("line", { class: "bar", x1: x(usdInterval.low), x2: x(usdInterval.high), y1: y(resolved), y2: y(resolved) }),
      element("line", { class: "bar", x1: x(usd), x2: x(usd), y1: y(resolvedInterval.low), y2: y(resolvedInterval.high) }),
      element("circle", { class: "dot", cx: x(usd), cy: y(resolved), r: 5 }),
      element("text", { x: x(usd) + 9, y: y(resolved) - 8 }, clipped(model, 20)),
    ]),
  ];
}
