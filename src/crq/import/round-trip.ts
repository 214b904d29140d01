import { linesOf } from "../parse/text/lines.ts";

/** A source line as it is compared: trimmed, without the marks of quotes, lists and headings before it. */
export function bareLine(line: string): string {
  let text = line.trim();
  while (text.startsWith(">")) text = text.slice(1).trimStart();
  text = text.replace(/^(?:[-+*]|\d{1,9}[.)])(?:\s+|$)/, "");
  return text.replace(/^#{1,6}(?:\s+|$)/, "").trim();
}

export interface LostLine {
  /** 1-based line of the source. */
  readonly line: number;
  readonly text: string;
}

/**
 * Lines of the source that the import does not hold often enough: for each bare line there must be at least as many lines of the import that
 * contain it as the source has lines with it. Lines that stand in the import as they are pair off first, so that only the few others are
 * searched for.
 */
export function lostLines(source: string, imported: string): LostLine[] {
  const importLines = linesOfText(imported);
  const free = new Map<string, number>();
  for (const line of importLines) {
    // A criterion that was given its id holds the line behind it.
    for (const text of new Set([bareLine(line), bareLine(line).replace(/^\*\*AC-\d+\*\*: /, "")]))
      free.set(text, (free.get(text) ?? 0) + 1);
  }
  const sourceLines = linesOfText(source).map((line, index) => ({ line: index + 1, bare: bareLine(line) }));
  const unpaired = sourceLines.filter(({ bare }) => {
    if (bare === "") return false;
    const left = free.get(bare) ?? 0;
    if (left > 0) free.set(bare, left - 1);
    return left === 0;
  });
  const enough = new Map<string, boolean>();
  return unpaired.flatMap(({ line, bare }) => {
    const known = enough.get(bare) ?? isEnough(bare, sourceLines, importLines);
    enough.set(bare, known);
    return known ? [] : [{ line, text: bare }];
  });
}

function isEnough(bare: string, sourceLines: readonly { readonly bare: string }[], importLines: readonly string[]): boolean {
  const wanted = sourceLines.filter((other) => other.bare === bare).length;
  return importLines.filter((line) => line.includes(bare)).length >= wanted;
}

function linesOfText(text: string): string[] {
  const lines = linesOf(text);
  return Array.from({ length: lines.count }, (_, index) => lines.textOf(index + 1));
}
