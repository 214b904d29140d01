/**
 * The candidates that a person or a model may have meant, nearest first, at most three: within a third of the name's length by edits (insert,
 * delete, replace, swap of neighbours: optimal string alignment), or containing the name, or contained in it.
 */
export function nearest(name: string, candidates: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= limit || overlaps(wanted, candidate.toLowerCase()))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

const withoutDigits = (text: string): string => text.toLowerCase().replace(/\d+/gu, "#");

/**
 * `; did you mean a or b?`, or nothing: the end of every message about a name that is not known. A name that differs in its number alone is
 * another thing (AC-9 is not AC-1 misspelt), and is listed at most.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const spelt = [...new Set(candidates)].filter(
    (candidate) => withoutDigits(candidate) !== withoutDigits(name) || !/\d/u.test(name),
  );
  return suggestion(name.length > MAX_NAME ? [] : nearest(name, spelt));
}

/** The same for names that were found already. */
export const suggestion = (near: readonly string[]): string =>
  near.length > 0 ? `; did you mean ${[...new Set(near)].join(" or ")}?` : "";

/** Longer words are no names, and comparing them with many takes time. */
const MAX_NAME = 100;

const overlaps = (a: string, b: string): boolean => Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));

/** Edits between two words: inserted, deleted, replaced or two neighbours swapped (optimal string alignment). */
export function distanceTo(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (beforeLast[j - 2] ?? Number.POSITIVE_INFINITY) + 1
          : Number.POSITIVE_INFINITY;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
