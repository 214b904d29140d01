import { type Child, element, type Markup } from "../../../ui/html/markup.ts";
import { diagnosesIn, type ShownDiagnosis } from "../details.ts";
import type { Excerpts } from "../excerpts.ts";
import type { Turn } from "../view.ts";

interface Seen {
  readonly diagnosis: ShownDiagnosis;
  readonly turns: Set<number>;
}

/** What Nix and the builders said, each cause once: where it came up and whether it was still there at the end. */
export function diagnosesSection(turns: readonly Turn[], excerpts: Excerpts): Markup | undefined {
  const seen = new Map<string, Seen>();
  for (const { number, calls, notes } of turns) {
    const found = [
      ...calls.flatMap(({ result }) => diagnosesIn(result?.details)),
      ...notes.flatMap((note) => (note.type === "acceptance" ? diagnosesIn(note.report) : [])),
    ];
    for (const diagnosis of found) {
      const known = seen.get(diagnosis.fingerprint);
      if (known) known.turns.add(number);
      else seen.set(diagnosis.fingerprint, { diagnosis, turns: new Set([number]) });
    }
  }
  if (seen.size === 0) return undefined;
  return element(
    "section",
    { id: "diagnoses", "aria-labelledby": "diagnoses-title" },
    element("h2", { id: "diagnoses-title" }, "Nix diagnoses"),
    element("p", {}, "What Nix and the builders said, each cause once, in the order in which it first came up."),
    ...[...seen.values()].map(({ diagnosis, turns: at }) =>
      element(
        "details",
        { class: "card" },
        element(
          "summary",
          {},
          element("strong", {}, diagnosis.kind),
          ` ${turnsText([...at])} `,
          excerpts.line(diagnosis.message, 200),
        ),
        diagnosisPart(diagnosis, excerpts),
      ),
    ),
  );
}

function turnsText(turns: readonly number[]): string {
  const [first = 0] = turns;
  return turns.length === 1 ? `turn ${first}` : `${turns.length} times, turns ${first} to ${turns.at(-1) ?? first}`;
}

/** Class, place, deciding lines and next move of one diagnosis. */
export function diagnosisPart(diagnosis: ShownDiagnosis, excerpts: Excerpts): Markup {
  const { kind, position, derivation, message, excerpt, next, fingerprint } = diagnosis;
  const where: readonly Child[] = [
    position ? ` at ${position.file}:${position.line}:${position.column}` : undefined,
    derivation ? `, failed first: ${derivation.name}` : undefined,
  ];
  return element(
    "div",
    { class: "diagnosis" },
    element("p", {}, element("strong", {}, kind), ...where, `: ${excerpts.line(message, 600)}`),
    excerpt === undefined || excerpt.trim() === "" || excerpt.trim() === message.trim()
      ? undefined
      : excerpts.pre(excerpt, "the journal"),
    next === undefined ? undefined : element("p", {}, element("strong", {}, "Next: "), excerpts.line(next, 600)),
    element("p", { class: "soft" }, "Fingerprint ", element("code", {}, fingerprint)),
  );
}
