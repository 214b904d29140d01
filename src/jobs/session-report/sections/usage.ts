import { type Child, element } from "../../../ui/html/markup.ts";
import { type Figure, svg, table } from "../../../ui/html/table.ts";
import type { Turn } from "../view.ts";

const WIDTH = 760;
const HEIGHT = 260;
const LEFT = 78;
const RIGHT = 96;
const BOTTOM = 44;
const TOP = 14;

/** Points of a curve and rows of its table; with more turns several share one. */
const MOST_POINTS = 300;
const MOST_ROWS = 100;

/** What was used up to the end of a turn; undefined as soon as one part of it is unknown. */
export interface Spent {
  readonly turn: number;
  readonly input: number | undefined;
  readonly cached: number | undefined;
  readonly output: number | undefined;
  readonly usd: number | undefined;
}

export function spentByTurn(turns: readonly Turn[]): readonly Spent[] {
  let sum: Omit<Spent, "turn"> = { input: 0, cached: 0, output: 0, usd: 0 };
  return turns.map(({ number: turn, usage }) => {
    sum = {
      input: plus(sum.input, usage && usage.input + usage.cacheWrite),
      cached: plus(sum.cached, usage?.cacheRead),
      output: plus(sum.output, usage?.output),
      usd: plus(sum.usd, usage?.usd),
    };
    return { turn, ...sum };
  });
}

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

/** Dollars; what nobody knows is never 0. */
export const dollars = (usd: number | undefined): string =>
  usd === undefined ? "unknown" : usd === 0 ? "$0" : `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;

const count = (value: number | undefined): string => (value === undefined ? "unknown" : value.toLocaleString("en-US"));

export function tokensFigure(spent: readonly Spent[]): Figure {
  const last = spent.at(-1);
  const used = (last?.input ?? 1) + (last?.cached ?? 1) + (last?.output ?? 1) > 0;
  const curves: readonly Curve[] = [
    { name: "input", kind: "mark", values: spent.map(({ input }) => input) },
    { name: "cached", kind: "even", values: spent.map(({ cached }) => cached) },
    { name: "output", kind: "good", values: spent.map(({ output }) => output) },
  ];
  return {
    id: "tokens",
    title: "Tokens",
    about: used
      ? "Tokens up to the end of each turn: input (what was read anew, with what was written to a cache), read from a cache, and output."
      : "No token was used: no language model was asked.",
    plot: used && spent.length > 0 ? chart(curves, `Tokens over ${spent.length} turns`, (value) => shortCount(value)) : undefined,
    shut: true,
    table: table(
      "Tokens up to the end of a turn",
      ["Turn", "Input", "From cache", "Output"],
      rowsOf(spent).map(({ turn, input, cached, output }) => [turn, count(input), count(cached), count(output)]),
    ),
  };
}

export function costFigure(spent: readonly Spent[]): Figure {
  const last = spent.at(-1);
  const known = spent.filter(({ usd }) => usd !== undefined);
  const about =
    last?.usd === undefined && spent.length > 0
      ? `The price of this model is unknown${known.length > 0 ? ` from turn ${known.length + 1} on` : ""}, so the cost is unknown too.`
      : (last?.usd ?? 0) === 0
        ? "Nothing was paid."
        : "Dollars up to the end of each turn.";
  return {
    id: "cost",
    title: "Cost",
    about,
    plot:
      known.length > 0 && known.some(({ usd }) => usd !== 0)
        ? chart(
            [{ name: "dollars", kind: "mark", values: spent.map(({ usd }) => usd) }],
            `Dollars over ${spent.length} turns`,
            dollars,
          )
        : undefined,
    shut: true,
    table: table(
      "Cost up to the end of a turn",
      ["Turn", "Dollars"],
      rowsOf(spent).map(({ turn, usd }) => [turn, dollars(usd)]),
    ),
  };
}

interface Curve {
  readonly name: string;
  readonly kind: "mark" | "even" | "good";
  readonly values: readonly (number | undefined)[];
}

function chart(curves: readonly Curve[], label: string, tick: (value: number) => string): ReturnType<typeof svg> {
  const length = Math.max(...curves.map(({ values }) => values.length));
  // Sums only grow, so the last of each is its largest. A session may have more turns than a call takes arguments.
  const most = Math.max(...curves.map(({ values }) => known(values).at(-1) ?? 0), 1e-9);
  const x = (at: number): number => LEFT + (length === 1 ? 0.5 : at / (length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => TOP + (1 - value / most) * (HEIGHT - BOTTOM - TOP);
  const ends = curves.map(({ values }) => y(known(values).at(-1) ?? 0));
  const said = curves.map(({ name, values }) => `${name} ${values.at(-1) === undefined ? "unknown" : tick(values.at(-1) ?? 0)}`);
  return svg(WIDTH, HEIGHT, `${label}: ${said.join(", ")}.`, [
    ...[0, 0.5, 1].flatMap((part) => [
      element("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(part * most), y2: y(part * most) }),
      element("text", { class: "soft", x: LEFT - 8, y: y(part * most) + 4, "text-anchor": "end" }, tick(part * most)),
    ]),
    ...[...new Set([0, Math.floor((length - 1) / 2), length - 1])].map((at) =>
      element("text", { class: "soft", x: x(at), y: HEIGHT - BOTTOM + 20, "text-anchor": "middle" }, at + 1),
    ),
    element("text", { class: "soft", x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "turn"),
    ...curves.flatMap(({ name, kind, values }, index): readonly Child[] => {
      const points = known(values);
      const shown = sampled(points, MOST_POINTS);
      return [
        shown.length === 1
          ? element("circle", { class: kind, cx: x(0), cy: y(points[0] ?? 0), r: 4 })
          : element("polyline", {
              class: `curve ${kind}`,
              points: shown.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" "),
            }),
        element("text", { x: WIDTH - RIGHT + 8, y: apart(ends, index) + 4 }, name),
      ];
    }),
  ]);
}

/** Up to the first that is unknown: a sum with it is unknown too. */
function known(values: readonly (number | undefined)[]): readonly number[] {
  const end = values.indexOf(undefined);
  return values.slice(0, end < 0 ? values.length : end).flatMap((value) => value ?? []);
}

/** Names at the ends of curves that lie close together are moved apart. */
function apart(ends: readonly number[], index: number): number {
  const order = ends.map((_, at) => at).sort((a, b) => (ends[b] ?? 0) - (ends[a] ?? 0) || a - b);
  const lowest = HEIGHT - BOTTOM;
  let place = Number.POSITIVE_INFINITY;
  for (const at of order) {
    place = Math.min(ends[at] ?? 0, place - 16, lowest);
    if (at === index) return place;
  }
  return ends[index] ?? 0;
}

/** Evenly chosen, the last one always among them. */
function sampled(values: readonly number[], most: number): readonly { readonly at: number; readonly value: number }[] {
  const step = Math.max(1, Math.ceil(values.length / most));
  return values.map((value, at) => ({ at, value })).filter(({ at }) => at % step === 0 || at === values.length - 1);
}

function rowsOf(spent: readonly Spent[]): readonly Spent[] {
  const step = Math.max(1, Math.ceil(spent.length / MOST_ROWS));
  return spent.filter(({ turn }) => turn % step === 0 || turn === spent.length);
}

function shortCount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (value >= 10_000) return `${(value / 1e3).toFixed(0)} k`;
  return String(Math.round(value));
}
