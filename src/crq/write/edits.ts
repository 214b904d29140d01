/** A replacement of a range of a source text; offsets in UTF-16 units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The new source, or why the document was left alone. */
export type Written = { readonly source: string } | { readonly problem: string };

/** Applies edits that do not overlap; everything outside them stays identical. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < from || edit.end > source.length) throw new RangeError(`edits overlap at offset ${edit.start}`);
    result += source.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + source.slice(from);
}

/** The line ending a text uses first; LF when it has none. */
export function newlineOf(source: string): string {
  return /\r\n|\n|\r/.exec(source)?.[0] ?? "\n";
}
