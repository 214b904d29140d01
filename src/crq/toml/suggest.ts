/** Edits between two words: inserted, deleted, replaced or two neighbours swapped (optimal string alignment). */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = at(i - 1, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const swapped =
        left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(left.length, right.length);
}

/** The allowed name that was probably meant: at most two edits away (one for names of up to four letters), else undefined. */
export function nearest(name: string, allowed: readonly string[]): string | undefined {
  if (name.length > 64) return undefined;
  const limit = name.length <= 4 ? 1 : 2;
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const candidate of allowed) {
    const edits = distance(name.toLowerCase().replaceAll("_", "-"), candidate.toLowerCase());
    if (edits <= limit && (best === undefined || edits < best.edits)) best = { name: candidate, edits };
  }
  return best?.name;
}

/** `allowed: a, b, c`, with the probable one first: `did you mean "a"? Allowed: …`. */
export function allowedNames(name: string, allowed: readonly string[]): string {
  const meant = nearest(name, allowed);
  return `${meant === undefined ? "" : `did you mean \`${meant}\`? `}allowed: ${allowed.join(", ")}`;
}
