import { type CatalogueEntry, isSameId, withId } from "../../../catalogue/catalogue.ts";
import type { Metadata } from "../../../model.ts";
import { readDocument } from "../../../parse/document.ts";
import { tomlValue } from "../../../render/toml.ts";
import { keyEdits } from "../../../write/keys.ts";
import { type Finding, levels, type Rule } from "../../rule.ts";

const RELATIONS = [
  ["dependsOn", "depends-on"],
  ["related", "related"],
  ["supersedes", "supersedes"],
  ["supersededBy", "superseded-by"],
] as const;

export const brokenRelation: Rule = {
  name: "grounding/broken-relation",
  about: "a related id does not exist, dependencies form a cycle, or a supersede link has one side only",
  explain:
    "Relations are followed by tools. `--fix` writes the missing side of a supersede link; wrong ids and cycles are for a person.",
  levels: levels("W E E"),
  fixes: true,
  needs: "catalogue",
  acrossDocuments: true,
  *check({ document, context }) {
    const { metadata } = document.crq;
    if (metadata === undefined || context.catalogue === undefined) return;
    const entry = (id: string) => withId(context.catalogue, id)[0];
    const placeOf = (key: string, index?: number) =>
      document.metadataBlock?.placeOf(index === undefined ? [key] : [key, index]) ?? { line: 1, column: 1 };
    for (const [name, key] of RELATIONS) {
      for (const [index, id] of (metadata[name] ?? []).entries()) {
        const other = entry(id);
        if (isSameId(id, metadata.id)) yield { place: placeOf(key, index), message: `\`${key}\` names the document itself` };
        else if (other === undefined && context.listedIds?.some((listed) => isSameId(listed, id))) continue;
        else if (other === undefined)
          yield { place: placeOf(key, index), message: `\`${key}\` names ${id}, which is not in this folder` };
        else if (name === "supersedes" || name === "supersededBy") yield* otherSide(metadata, other, name, placeOf(key, index));
      }
    }
    const cycle = findCycle(
      metadata.id,
      (id) => entry(id)?.crq.metadata?.dependsOn ?? (isSameId(id, metadata.id) ? metadata.dependsOn : undefined) ?? [],
    );
    if (cycle !== undefined)
      yield { place: placeOf("depends-on"), message: `the dependencies form a cycle: ${cycle.join(" → ")}` };
  },
};

/** The finding, with its fix in the other document, when that one does not point back. */
function* otherSide(
  metadata: Metadata,
  other: CatalogueEntry,
  name: "supersedes" | "supersededBy",
  place: Finding["place"],
): Iterable<Finding> {
  const back = name === "supersedes" ? "supersededBy" : "supersedes";
  const key = back === "supersedes" ? "supersedes" : "superseded-by";
  const links = other.crq.metadata?.[back] ?? [];
  if (other.crq.metadata === undefined || links.some((id) => isSameId(id, metadata.id))) return;
  const file = other.crq.path;
  const edits = keyEdits(readDocument(file, other.crq.source), key, tomlValue([...links, metadata.id])).map((edit) => ({
    file,
    ...edit,
  }));
  yield {
    place,
    message: `${other.id} does not name ${metadata.id} in \`${key}\``,
    fix: { description: `add ${metadata.id} to \`${key}\` of ${file}`, edits },
  };
}

function findCycle(start: string, next: (id: string) => readonly string[]): string[] | undefined {
  const walk = (id: string, path: readonly string[], seen: Set<string>): string[] | undefined => {
    for (const other of next(id)) {
      if (isSameId(other, start)) return [...path, start];
      if (seen.has(other)) continue;
      seen.add(other);
      const found = walk(other, [...path, other], seen);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = walk(start, [start], new Set());
  // A document that names itself is reported with the relation.
  return found !== undefined && found.length > 2 ? found : undefined;
}
