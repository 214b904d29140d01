import { plainText } from "../agent/plain-text.ts";

/** One line of at most `width` columns (UTF-16 units), blanks folded. */
export function oneLine(text: string, width: number): string {
  const line = plainText(text).replace(/\s+/gu, " ").trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** The text in lines of at most `width` columns (UTF-16 units), broken at blanks; a word that is longer stands alone. Blanks are folded. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of plainText(text).split(/\s+/u)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== "") lines.push(word);
  }
  return lines;
}

export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, "0")} s`;
}

/** Dollars with the cents that matter; an unknown price says so. */
export const money = (usd: number | undefined): string =>
  usd === undefined ? "price unknown" : usd === 0 ? "$0" : `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;

/** Columns padded to equal width; the last one free. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
