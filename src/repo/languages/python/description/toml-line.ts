/** The line, from 1, on which a TOML text sets a key or opens a table, as far as a person would find it by its name; undefined: it does not stand by itself. */
export function lineOf(text: string, path: readonly string[]): number | undefined {
  const lines = text.split(/\r?\n/);
  let table: readonly string[] = [];
  for (const [index, line] of lines.entries()) {
    const header = /^\s*\[\[?(?<name>[^[\]]+)\]\]?\s*(?:#.*)?$/.exec(line)?.groups?.name;
    if (header !== undefined) table = keysOf(header);
    const key = header === undefined ? /^\s*(?<key>[\w"'-]+(?:\s*\.\s*[\w"'-]+)*)\s*=/.exec(line)?.groups?.key : undefined;
    const found = key === undefined ? table : [...table, ...keysOf(key)];
    if (
      (header !== undefined || key !== undefined) &&
      found.length === path.length &&
      found.every((name, at) => name === path[at])
    )
      return index + 1;
  }
  return undefined;
}

const keysOf = (dotted: string): readonly string[] =>
  [...dotted.matchAll(/"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[\w-]+)/g)].map(
    ({ groups }) => groups?.double ?? groups?.single ?? groups?.bare ?? "",
  );
