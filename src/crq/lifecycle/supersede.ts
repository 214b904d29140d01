import { type CatalogueEntry, isSameId } from "../catalogue/catalogue.ts";
import type { Crq } from "../model.ts";
import { parseCrq } from "../parse.ts";
import { setMetadata } from "../write/metadata.ts";
import { appendHistory } from "../write/sections.ts";
import { mayBecome, mayFollow } from "./transitions.ts";

/** Both documents with their link, or why there can be none. */
export type Superseded = { readonly old: string; readonly successor: string } | { readonly problem: string };

/**
 * One CRQ takes the place of another: `superseded-by` and the status in the old one, `supersedes` in the new one, a line in both histories.
 * A link that is there already on one side is completed on the other.
 * @param entries all documents of the folder, to see a cycle
 */
export function supersede(
  old: Crq,
  successor: Crq,
  entries: readonly CatalogueEntry[],
  given: { readonly date: string; readonly by: string; readonly reason?: string },
): Superseded {
  const [from, to] = [old.metadata, successor.metadata];
  const nameless = [old, successor].find(({ metadata }) => metadata === undefined);
  if (from === undefined || to === undefined)
    return { problem: `${nameless?.path ?? ""}: there is no valid metadata block; run \`crq-agent lint\`` };
  if (isSameId(from.id, to.id)) return { problem: `${from.id} cannot supersede itself` };
  if (!mayFollow(from.status, "superseded"))
    return { problem: `${old.path}: ${from.status} cannot become superseded; ${mayBecome(from.status)}` };
  if (to.status === "rejected" || to.status === "withdrawn")
    return { problem: `${successor.path}: is ${to.status}, so nothing can be superseded by it` };
  const cycle = wayTo(from.id, to.id, entries);
  if (cycle !== undefined)
    return { problem: `${from.id} cannot be superseded by ${to.id}: that would be a cycle (${[...cycle, to.id].join(" → ")})` };
  const why = given.reason === undefined ? "" : `: ${given.reason}`;
  const oldText = linked(old, {
    status: "superseded",
    supersededBy: withId(from.supersededBy, to.id),
    line: `superseded by ${to.id} (${given.by})${why}`,
    date: given.date,
  });
  if ("problem" in oldText) return oldText;
  const newText = linked(successor, {
    supersedes: withId(to.supersedes, from.id),
    line: `supersedes ${from.id} (${given.by})`,
    date: given.date,
  });
  return "problem" in newText ? newText : { old: oldText.source, successor: newText.source };
}

function linked(
  crq: Crq,
  { line, date, ...change }: Parameters<typeof setMetadata>[1] & { readonly line: string; readonly date: string },
): ReturnType<typeof setMetadata> {
  const written = setMetadata(crq, change);
  return "problem" in written ? written : appendHistory(parseCrq(crq.path, written.source), date, line);
}

const withId = (ids: readonly string[] | undefined, id: string): readonly string[] =>
  ids?.some((known) => isSameId(known, id)) ? ids : [...(ids ?? []), id];

/** The ids from `start` along `superseded-by` (or back along `supersedes`) to `goal`, both included, if the one replaced the other already. */
function wayTo(goal: string, start: string, entries: readonly CatalogueEntry[]): readonly string[] | undefined {
  const next = (id: string): readonly string[] =>
    entries.flatMap(({ id: other, crq: { metadata } }) => {
      if (other === undefined) return [];
      if (isSameId(other, id)) return metadata?.supersededBy ?? [];
      return metadata?.supersedes?.some((replaced) => isSameId(replaced, id)) ? [other] : [];
    });
  const walk = (id: string, way: readonly string[]): readonly string[] | undefined => {
    if (isSameId(id, goal)) return [...way, id];
    if (way.some((seen) => isSameId(seen, id))) return undefined;
    for (const other of next(id)) {
      const found = walk(other, [...way, id]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, []);
}
