import { element, type Markup } from "../../../ui/html/markup.ts";
import { table } from "../../../ui/html/table.ts";
import type { Excerpts } from "../excerpts.ts";
import type { SessionView } from "../view.ts";

/** More than a person reads; the journal has them all. */
const MOST = 500;

/** Repairs that needed no model and cost no token. */
export function mechanicsSection({ turns, before }: SessionView, excerpts: Excerpts): Markup | undefined {
  const all = [
    ...before.flatMap((event) => (event.type === "mechanic" ? [{ turn: 0, event }] : [])),
    ...turns.flatMap(({ number: turn, calls, notes }) =>
      [...calls.flatMap(({ mechanics }) => mechanics), ...notes].flatMap((event) =>
        event.type === "mechanic" ? [{ turn, event }] : [],
      ),
    ),
  ];
  if (all.length === 0) return undefined;
  return element(
    "section",
    { id: "mechanics", "aria-labelledby": "mechanics-title" },
    element("h2", { id: "mechanics-title" }, "Mechanics"),
    element("p", {}, `${all.length} repairs were made by rule, without a model and without a token.`),
    table(
      "Each of them",
      ["Mechanic", "Turn", "What it did", "Files"],
      all
        .slice(0, MOST)
        .map(({ turn, event }) => [
          event.name,
          turn === 0 ? "before" : turn,
          excerpts.line(event.detail, 300),
          excerpts.line(event.paths.join(", "), 300),
        ]),
      [2, 3],
    ),
    all.length > MOST ? element("p", { class: "soft" }, `${all.length - MOST} more are in the journal.`) : undefined,
  );
}
