import { parse } from "smol-toml";

/** Where a key of a TOML text stands: 0-based line, 0-based column inside that text. */
export interface KeyPosition {
  readonly path: readonly (string | number)[];
  readonly line: number;
  readonly column: number;
  /** First and last line of the statement that sets the key; for a table header only that line. */
  readonly statement: { readonly first: number; readonly last: number; readonly isHeader: boolean };
}

/** A statement longer than this is not searched further; positions then fall back to the fence. */
const MAX_STATEMENT_LINES = 200;

/**
 * Positions of all keys of a TOML text that parses. smol-toml reports none, so the text is cut into its statements: lines are added until
 * they parse on their own, which makes the library, not a second TOML grammar, decide where a statement ends.
 */
export function keyPositions(toml: string): KeyPosition[] {
  const lines = toml.split(/\r\n|\n/);
  const positions: KeyPosition[] = [];
  const arrays = new Map<string, number>();
  let table: readonly (string | number)[] = [];

  for (let first = 0; first < lines.length; ) {
    let last = first;
    let data = tryParse(lines[first] ?? "");
    while (data === undefined && last + 1 < lines.length && last - first < MAX_STATEMENT_LINES) {
      last += 1;
      data = tryParse(lines.slice(first, last + 1).join("\n"));
    }
    if (data === undefined) return positions;
    const statement = lines.slice(first, last + 1);
    const range = { first, last };
    const opening = statement[0]?.trimStart() ?? "";
    if (opening.startsWith("[")) {
      table = resolveHeader(headerPath(data), opening.startsWith("[["), arrays);
      positions.push({ path: table, line: first, column: indentOf(statement[0]), statement: { ...range, isHeader: true } });
    } else {
      for (const path of pathsOf(data, [])) {
        positions.push({ path: [...table, ...path], ...find(path, statement, first), statement: { ...range, isHeader: false } });
      }
    }
    first = last + 1;
  }
  return positions;
}

function tryParse(toml: string): Record<string, unknown> | undefined {
  try {
    return parse(toml);
  } catch {
    return undefined;
  }
}

function indentOf(line: string | undefined): number {
  return (line ?? "").length - (line ?? "").trimStart().length;
}

/** Keys of a header statement, which parses to tables nested in one another. */
function headerPath(data: Record<string, unknown>): string[] {
  const path: string[] = [];
  let value: unknown = data;
  while (value !== undefined) {
    if (Array.isArray(value)) value = value[0];
    const [entry] = isTable(value) ? Object.entries(value) : [];
    if (entry === undefined) break;
    path.push(entry[0]);
    value = entry[1];
  }
  return path;
}

/** Puts the current index after each key that names an array of tables; the last key of `[[…]]` opens a new entry. */
function resolveHeader(keys: readonly string[], opensEntry: boolean, arrays: Map<string, number>): (string | number)[] {
  const path: (string | number)[] = [];
  keys.forEach((key, position) => {
    path.push(key);
    const name = JSON.stringify(path);
    if (opensEntry && position === keys.length - 1) arrays.set(name, (arrays.get(name) ?? -1) + 1);
    const index = arrays.get(name);
    if (index !== undefined) path.push(index);
  });
  return path;
}

function pathsOf(value: unknown, path: readonly (string | number)[]): (string | number)[][] {
  const own = path.length === 0 ? [] : [[...path]];
  if (Array.isArray(value)) return [...own, ...value.flatMap((item, index) => pathsOf(item, [...path, index]))];
  if (isTable(value)) return [...own, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
  return own;
}

/** Best position inside a statement: the last named key of the path, else the statement's first character. */
function find(path: readonly (string | number)[], statement: readonly string[], first: number): { line: number; column: number } {
  const key = path.findLast((part) => typeof part === "string");
  if (key !== undefined) {
    const name = String(key).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const pattern = new RegExp(`(?:^|[\\s{,.])(["']?)${name}\\1\\s*[=.]`);
    for (const [index, line] of statement.entries()) {
      const match = pattern.exec(line);
      if (match) return { line: first + index, column: match.index + match[0].search(/[^\s{,.]/) };
    }
  }
  return { line: first, column: indentOf(statement[0]) };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
