import { diff } from "node:util";

/** Lines of two texts, compared. */
export type DiffLine =
  | { readonly kind: "same" | "added" | "removed"; readonly text: string }
  /** Lines that are the same in both and are left out. */
  | { readonly kind: "gap"; readonly lines: number };

/** Above this many pairs of lines a comparison would take long: the old text goes, the new one comes. */
const MOST_PAIRS = 4_000_000;

/**
 * @param before undefined: there was no such file
 * @param after undefined: there is none any more
 * @param context unchanged lines that stay around a change
 */
export function lineDiff(before: string | undefined, after: string | undefined, context = 3): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  if (old.length * now.length > MOST_PAIRS || old.length === 0 || now.length === 0) {
    return [
      ...old.map((text): DiffLine => ({ kind: "removed", text })),
      ...now.map((text): DiffLine => ({ kind: "added", text })),
    ];
  }
  const lines = diff(old, now).map(
    ([operation, text]): DiffLine => ({ kind: operation === 0 ? "same" : operation === 1 ? "removed" : "added", text }),
  );
  return withoutFar(lines, context);
}

function withoutFar(lines: readonly DiffLine[], context: number): readonly DiffLine[] {
  const near = new Uint8Array(lines.length);
  for (const [at, { kind }] of lines.entries())
    if (kind !== "same") near.fill(1, Math.max(0, at - context), Math.min(lines.length, at + context + 1));
  const kept: DiffLine[] = [];
  for (const [at, line] of lines.entries()) {
    const last = kept.at(-1);
    if (near[at] === 1) kept.push(line);
    else if (last?.kind === "gap") kept[kept.length - 1] = { kind: "gap", lines: last.lines + 1 };
    else kept.push({ kind: "gap", lines: 1 });
  }
  return kept;
}

/** A last line without its line feed is a line too. */
function linesOf(text: string | undefined): readonly string[] {
  if (text === undefined || text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
