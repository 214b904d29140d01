/** Longest front matter that is read for metadata; what is beyond is kept as text like all the rest. */
const MAX_LINES = 200;
const MAX_VALUE = 500;

/**
 * Scalars at the top level of YAML front matter, by key in lower case. Only what is the same in every YAML is read: `key: value` with a plain
 * or quoted scalar, and flow lists of plain ones. Anchors, aliases, tags, block scalars and nesting are passed over, so nothing in the text
 * can grow; all of it is kept verbatim in the import anyway. The first of two equal keys counts.
 */
export function readFrontMatter(yaml: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of yaml.split(/\r\n|\n|\r/, MAX_LINES)) {
    const match = /^(["']?)([A-Za-z][\w .-]{0,40})\1:[ \t]+(\S.*)$/.exec(line.slice(0, MAX_VALUE + 50));
    const key = match?.[2]?.toLowerCase();
    const value = scalar(match?.[3]?.trim() ?? "");
    if (key !== undefined && value !== undefined && value !== "" && !values.has(key)) values.set(key, value);
  }
  return values;
}

function scalar(text: string): string | undefined {
  if (text.length > MAX_VALUE) return undefined;
  if (text.startsWith('"')) return doubleQuoted(text);
  if (text.startsWith("'")) return /^'((?:[^']|'')*)'(?:\s+#.*)?$/.exec(text)?.[1]?.replaceAll("''", "'");
  if (text.startsWith("[")) {
    const inside = /^\[([^[\]{}"'&*!]*)\](?:\s+#.*)?$/.exec(text)?.[1];
    return inside
      ?.split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "")
      .join(", ");
  }
  if (/^[&*!|>{%@`#]/.test(text)) return undefined;
  return text.replace(/\s+#.*$/, "").trim();
}

/** YAML's double-quoted scalars on one line are JSON strings but for a few escapes that names and dates do not need. */
function doubleQuoted(text: string): string | undefined {
  const quoted = /^("(?:[^"\\]|\\.)*")(?:\s+#.*)?$/.exec(text)?.[1];
  if (quoted === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
