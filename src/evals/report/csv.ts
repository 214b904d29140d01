import { plainText } from "../../agent/plain-text.ts";
import { inOrder, type TrialRow } from "../results/trial-row.ts";

/**
 * results.csv line by line: the rows of results.jsonl, nested fields joined by `_`, RFC 4180. Columns stand in the order in which they first
 * appear. All rows are written before the first line is given out: a row knows no column that only a later one has, and gets it empty.
 */
export function* csvLines(rows: readonly TrialRow[]): Generator<string> {
  const sorted = inOrder(rows);
  const columns = new Columns();
  const written = sorted.map((row) => {
    const cells = new Array<string>(columns.count).fill("");
    columns.each(row, (column, value) => {
      cells[column] = cellOf(value);
    });
    return { text: cells.join(","), columns: cells.length };
  });
  yield line(columns.names.map((name) => cell(shown(name))));
  for (const row of written) yield `${row.text}${",".repeat(columns.count - row.columns)}\r\n`;
}

/** A field of a row, by the fields that it lies in: its name is joined once and not for every row. */
interface Field {
  readonly name: string;
  readonly inner: Map<string, Field>;
  column: number | undefined;
}

class Columns {
  readonly #root: Field = { name: "", inner: new Map(), column: undefined };
  readonly #byName = new Map<string, number>();

  get count(): number {
    return this.#byName.size;
  }

  /** In the order in which they were first seen. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** Calls `see` for each value of a row, with the number of its column. */
  each(row: TrialRow, see: (column: number, value: unknown) => void): void {
    this.#walk(row, this.#root, see);
  }

  #walk(value: unknown, field: Field, see: (column: number, value: unknown) => void): void {
    if (value === null || value === undefined) return;
    if (isRecord(value)) {
      for (const key of Object.keys(value)) this.#walk(value[key], innerField(field, key), see);
    } else {
      field.column ??= this.#columnOf(field.name);
      see(field.column, value);
    }
  }

  /** Two fields may join to one name; they share its column. */
  #columnOf(name: string): number {
    const column = this.#byName.get(name) ?? this.#byName.size;
    this.#byName.set(name, column);
    return column;
  }
}

function innerField({ name, inner }: Field, key: string): Field {
  const known = inner.get(key);
  if (known) return known;
  const field: Field = { name: name === "" ? key : `${name}_${key}`, inner: new Map(), column: undefined };
  inner.set(key, field);
  return field;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "" : cell(shown(JSON.stringify(value)));
  return typeof value === "string" ? cell(guarded(shown(value))) : String(value);
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u;

/** Nothing that a terminal would act on. Most cells hold none, and a large run has millions. */
const shown = (text: string): string => (CONTROL.test(text) ? plainText(text) : text);

/** Texts come from models and logs: a spreadsheet must not take one for a formula. The characters of OWASP's page on CSV injection; a CR has become a LF. */
const guarded = (text: string): string => (/^[=+\-@\t\n＝＋－＠]/u.test(text) ? `'${text}` : text);

const line = (cells: readonly string[]): string => `${cells.join(",")}\r\n`;

const cell = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
