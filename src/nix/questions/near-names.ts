/** Names of attributes that a person may have meant by one that is not there. Pure; one pass over all names of a package set. */

const NEAR = 8;
/** Longest word that is looked at in parts. */
const LONGEST = 40;

/**
 * Programs that do one work under names that have little in common; the first is what its maker recommends now.
 * Formatters of Nix code: github.com/NixOS/nixfmt, README.
 */
const SAME_WORK: readonly (readonly string[])[] = [
  ["nixfmt", "nixfmt-tree", "nixfmt-rfc-style", "nixfmt-classic", "nixpkgs-fmt", "alejandra"],
];

/** Nearest first: by edit distance, then those that contain the word, then those that share its parts, then others for the same work. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const word = wanted.toLowerCase();
  const stem = word.replace(/^lib|-(?:sys|dev|devel)$|[^a-z0-9]/gu, "");
  const limit = Math.max(1, Math.floor(word.length / 4));
  const like = likeness(word);
  const others = SAME_WORK.find((group) => group.includes(word)) ?? [];
  const scored = names.flatMap((name) => {
    const candidate = name.toLowerCase();
    const distance = Math.abs(candidate.length - word.length) > limit ? Number.POSITIVE_INFINITY : editDistance(word, candidate);
    if (distance <= limit) return [{ name, score: distance }];
    if (stem.length >= 3 && candidate.includes(stem)) return [{ name, score: 10 + candidate.length }];
    if (like(candidate)) return [{ name, score: 100 + candidate.length }];
    return others.includes(candidate) ? [{ name, score: 200 + others.indexOf(candidate) }] : [];
  });
  return scored
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, NEAR)
    .map(({ name }) => name);
}

const partsOf = (name: string): readonly string[] => name.split(/[-_.]/u).filter((part) => part !== "");

/** Words that say what kind of thing a name is, not which. */
const COMMON: ReadonlySet<string> = new Set(
  "tools tool utils package packages python python3 plugin plugins server client style unwrapped wrapper".split(" "),
);

/**
 * Whether a name shares a whole part with the word (`nixfmt-tree`, `nixfmt-classic`), or one of them runs together what the other writes in
 * parts (`nixfmt`, `nixpkgs-fmt`).
 */
function likeness(word: string): (candidate: string) => boolean {
  if (word.length > LONGEST) return () => false;
  const parts = partsOf(word);
  const telling = new Set(parts.filter((part) => part.length >= 5 && !COMMON.has(part)));
  const joined = parts.filter((part) => part.length >= 6);
  return (candidate) => {
    if (candidate.length > LONGEST) return false;
    const others = partsOf(candidate);
    return (
      others.some((other) => telling.has(other)) ||
      joined.some((part) => runsTogether(part, others)) ||
      others.some((other) => other.length >= 6 && runsTogether(other, parts))
    );
  };
}

/** `nixfmt` is the beginning of one part and the whole of a later one, three letters each at least: `nixpkgs-fmt`. */
const runsTogether = (whole: string, parts: readonly string[]): boolean =>
  parts.some(
    (last, at) =>
      at > 0 &&
      last.length >= 3 &&
      whole.length - last.length >= 3 &&
      whole.endsWith(last) &&
      parts.slice(0, at).some((first) => first.startsWith(whole.slice(0, -last.length))),
  );

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substituted));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
