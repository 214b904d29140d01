import { inOrder, type TrialRow } from "../results/trial-row.ts";

/** results.csv: the rows of results.jsonl, nested fields joined by `_`, RFC 4180. Columns stand in the order in which they first appear. */
export function csvOf(rows: readonly TrialRow[]): string {
  const flat = inOrder(rows).map((row) => new Map(flattened("", row)));
  const columns = [...new Set(flat.flatMap((row) => [...row.keys()]))];
  const lines = [columns, ...flat.map((row) => columns.map((column) => row.get(column) ?? ""))];
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

function flattened(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return [[name, value.length === 0 ? "" : JSON.stringify(value)]];
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([key, inner]) => flattened(name === "" ? key : `${name}_${key}`, inner));
  }
  return [[name, typeof value === "string" ? guarded(value) : String(value)]];
}

/** Texts come from models and logs: a spreadsheet must not take one for a formula. */
const guarded = (text: string): string => (/^[=+\-@\t\r]/u.test(text) ? `'${text}` : text);

const cell = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
