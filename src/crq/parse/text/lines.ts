import type { Place, Range } from "../../model.ts";

const BOM = "\uFEFF";

/** Line structure of one source text. Line endings are those of CommonMark: LF, CRLF and a lone CR. Lines and columns start at 1. */
export interface Lines {
  readonly source: string;
  readonly count: number;
  /** Line and column (UTF-16 units) of an offset; a byte order mark has no column. */
  placeAt(offset: number): Place;
  /** Offset of the first character of a line; the byte order mark is not part of line 1. */
  startOf(line: number): number;
  /** Offsets of a line without its line ending. */
  rangeOf(line: number): Range;
  /** Offset of the line after this one, or the end of the source. */
  afterOf(line: number): number;
  textOf(line: number): string;
}

/** Length of the byte order mark at the start of a source: 0 or 1. */
export function bomLength(source: string): 0 | 1 {
  return source.startsWith(BOM) ? 1 : 0;
}

/** Builds the line structure of `source`. */
export function linesOf(source: string): Lines {
  const starts: number[] = [bomLength(source)];
  const ends: number[] = [];
  for (const match of source.matchAll(/\r\n|\n|\r/g)) {
    ends.push(match.index);
    starts.push(match.index + match[0].length);
  }
  ends.push(source.length);

  const clamp = (line: number) => Math.min(Math.max(line, 1), starts.length) - 1;
  const startOf = (line: number) => starts[clamp(line)] ?? 0;
  const rangeOf = (line: number): Range => ({
    start: startOf(line),
    end: Math.max(startOf(line), ends[clamp(line)] ?? source.length),
  });
  return {
    source,
    count: starts.length,
    startOf,
    rangeOf,
    afterOf: (line) => (line >= starts.length ? source.length : startOf(line + 1)),
    textOf: (line) => {
      const { start, end } = rangeOf(line);
      return source.slice(start, end);
    },
    placeAt: (offset) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: Math.max(offset - (starts[low] ?? 0), 0) + 1 };
    },
  };
}
