import { type Child, element } from "../../../../ui/html/markup.ts";
import { type Figure, svg, table } from "../../../../ui/html/table.ts";
import type { Summary } from "../../../results/summary.ts";
import { clipped } from "./forest.ts";

const LEFT = 260;
const CELL = 74;
const ROW = 24;
const TOP = 30;

/** c of n for every task and model, tasks by cluster. */
export function taskMatrix({ perTask, models }: Summary): Figure {
  const names = models.map(({ model }) => model);
  const clusters = new Map(perTask.map(({ task, cluster }) => [task, cluster]));
  const tasks = [...clusters].sort(([a, one], [b, other]) => compare(one, other) || compare(a, b)).map(([task]) => task);
  const seen = new Map(perTask.map((one) => [`${one.task}\0${one.model}`, one]));
  const cellOf = (task: string, model: string) => seen.get(`${task}\0${model}`);
  return {
    id: "tasks",
    title: "Tasks",
    about:
      "Resolved of counted trials, by task and model; tasks of one cluster share a fixture. Blue: always; red: never; grey: sometimes.",
    plot:
      tasks.length === 0
        ? undefined
        : svg(
            LEFT + CELL * names.length,
            TOP + ROW * tasks.length + 6,
            `Matrix of ${tasks.length} tasks and ${names.length} models; the table below has its numbers.`,
            [
              ...names.map((name, at) =>
                element(
                  "text",
                  { class: "soft", x: LEFT + CELL * at + CELL / 2, y: 18, "text-anchor": "middle" },
                  clipped(name, 10),
                ),
              ),
              ...tasks.flatMap((task, y) => [
                element("text", { x: 0, y: TOP + ROW * y + 16 }, clipped(`${clusters.get(task) ?? ""} · ${task}`, 38)),
                ...names.flatMap((name, x) => cell(cellOf(task, name), LEFT + CELL * x, TOP + ROW * y)),
              ]),
            ],
          ),
    table: table(
      "Resolved of counted trials",
      ["Task", "Cluster", ...names],
      tasks.map((task) => [
        task,
        clusters.get(task) ?? "",
        ...names.map((name) => {
          const one = cellOf(task, name);
          return one ? `${one.c} of ${one.n}` : "not planned";
        }),
      ]),
      [1],
    ),
  };
}

function cell(one: { readonly c: number; readonly n: number } | undefined, x: number, y: number): readonly Child[] {
  if (!one) return [];
  const kind = one.n === 0 ? "empty" : one.c === one.n ? "mark" : one.c === 0 ? "bad" : "even";
  return [
    element("rect", { class: `cell ${kind}`, x, y, width: CELL, height: ROW }),
    element(
      "text",
      { class: kind === "empty" ? "soft" : "on", x: x + CELL / 2, y: y + 16, "text-anchor": "middle" },
      `${one.c}/${one.n}`,
    ),
  ];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
