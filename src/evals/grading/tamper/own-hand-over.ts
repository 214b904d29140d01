/** What the program's own hand-over adds to every change that a CRQ asked for (docs of `apply`): no work of the model, and believed by nobody. */
export function isOwnHandOver(path: string, crqFolder = "crqs"): boolean {
  if (!path.startsWith(`${crqFolder}/`)) return false;
  const inside = path.slice(crqFolder.length + 1);
  return (
    inside === "INDEX.md" ||
    inside === "list.txt" ||
    isDocument(path, crqFolder) ||
    /^reports\/[^/]+\/report\.(?:json|md)$/u.test(inside)
  );
}

/** A CRQ itself: `crqs/NAME.md`. */
export const isDocument = (path: string, crqFolder = "crqs"): boolean =>
  path.startsWith(`${crqFolder}/`) && /^(?!INDEX\.md$)[^/]+\.md$/u.test(path.slice(crqFolder.length + 1));
