import type { TaskKind } from "../../task/task-file.ts";

/**
 * What the program itself writes at a hand-over, besides the work: the CRQ with its approval, the lists, the report. A task need not allow these;
 * that a given CRQ asks for the same as before is for its approval hash to say.
 */
export function isHandedOver(path: string, isNew: boolean, crqFolder: string, kind: TaskKind): boolean {
  if (!path.startsWith(`${crqFolder}/`)) return false;
  const inside = path.slice(crqFolder.length + 1);
  if (inside === "list.txt" || inside === "INDEX.md" || /^reports\/[^/]+\/report\.(?:json|md)$/u.test(inside)) return true;
  // A repair or a draft brings a document of its own; an existing one changes by its approval and its status.
  return /^[^/]+\.md$/u.test(inside) && (!isNew || kind === "repair" || kind === "end-to-end" || kind === "draft");
}
