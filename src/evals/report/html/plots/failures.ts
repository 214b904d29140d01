import { type Figure, table } from "../../../../ui/html/table.ts";
import type { ModelSummary } from "../../../results/summary.ts";
import { bars } from "./bars.ts";

/** The first gate that each failed trial did not pass. */
export function failures(models: readonly ModelSummary[]): Figure {
  const rows = models.flatMap(({ model, failingGates }) =>
    Object.entries(failingGates).map(([gate, count]) => ({ model, gate, count })),
  );
  return {
    id: "gates",
    title: "Failing gates",
    about:
      "The first gate that a trial did not pass, in trials. What comes early is a matter of form, what comes late a matter of work.",
    plot:
      rows.length === 0
        ? undefined
        : bars(
            rows.map(({ model, gate, count }) => ({ name: `${model} · ${gate}`, parts: [{ count, kind: "bad" as const }] })),
            `Bars. ${rows.map(({ model, gate, count }) => `${model}, ${gate}: ${count}`).join("; ")}.`,
          ),
    table: table(
      "First gate that failed",
      ["Model", "Gate", "Trials"],
      rows.map(({ model, gate, count }) => [model, gate, count]),
      [1],
    ),
  };
}
