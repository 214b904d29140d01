/**
 * Writes Nix: pieces of source text that are put together by grammar, so that no value of a repository can end a string or a set. The
 * layout is that of the official formatter (RFC 166) for the few forms used here.
 */

/** Nix source, without a final newline; its lines are indented relative to its first one. */
export type Code = string;

/** A line of an attribute set or of a `let`; `undefined` is a blank line. */
export type Binding = Code | undefined;

const KEYWORDS = new Set(["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"]);
const IDENTIFIER = /^[A-Za-z_][\w'-]*$/;
/** What a path literal may hold besides its separators. */
const PATH_SEGMENTS = /^(?:[\w.+-]+\/)*[\w.+-]+$/;

/** Two more spaces before each line that is not empty. Only a line feed ends a line: JavaScript's `^` would also stop at U+2028. */
export const indent = (code: Code): Code =>
  code
    .split("\n")
    .map((line) => (line === "" ? line : `  ${line}`))
    .join("\n");

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A string in double quotes. NUL cannot be written in Nix and is dropped. */
export function string(text: string): Code {
  const body = text
    .replaceAll("\0", "")
    .replace(/["\\\n\r\t]/g, (character) => ESCAPES[character] ?? character)
    .replaceAll("${", "\\${");
  return `"${body}"`;
}

/**
 * A string between two single quotes each, for shell code. Every quote that could join a delimiter or an escape is put into an
 * antiquotation, so that three quotes in a row (an escape, which would leave the string open) are never written; a dollar that could
 * open or swallow an antiquotation is escaped.
 */
export function indentedString(text: string): Code {
  const clean = text.replaceAll("\0", "").replaceAll("\r", "");
  const body = clean.replace(/'(?='|\$[{'$])|\$(?=[{'$])/g, (character) => (character === "$" ? "''$" : `\${"'"}`));
  return `''\n${indent(body)}\n''`;
}

/** An attribute name: quoted unless it is a plain identifier. */
export function key(name: string): Code {
  return IDENTIFIER.test(name) && !KEYWORDS.has(name) ? name : string(name);
}

/** `a.b.c` from its names. */
export const path = (...names: readonly string[]): Code => names.map(key).join(".");

/** A file of the flake, relative to its root; `.` is the root itself. */
export function file(relative: string): Code {
  if (relative === ".") return "./.";
  return PATH_SEGMENTS.test(relative) ? `./${relative}` : `(./. + ${string(`/${relative}`)})`;
}

/** `key = value;` with a `let` or function on its own lines below the key, as the formatter lays it out. */
export function bind(name: Code, value: Code): Code {
  const [first = ""] = value.split("\n");
  const below = value.includes("\n") && !/[{[(]$|''$/.test(first);
  return below ? `${name} =\n${indent(value)};` : `${name} = ${value};`;
}

export const inherit = (names: readonly Code[], from?: Code): Code =>
  `inherit ${from === undefined ? "" : `(${from}) `}${names.join(" ")};`;

const lines = (bindings: readonly Binding[]): Code => bindings.map((binding) => binding ?? "").join("\n");

export function set(bindings: readonly Binding[]): Code {
  return bindings.length === 0 ? "{ }" : `{\n${indent(lines(bindings))}\n}`;
}

/** `let … in body`, or the body alone where there is nothing to bind. */
export function letIn(bindings: readonly Binding[], body: Code): Code {
  return bindings.length === 0 ? body : `let\n${indent(lines(bindings))}\nin\n${body}`;
}

/** A list; elements that are applications must come in parentheses. */
export function list(elements: readonly Code[]): Code {
  if (elements.length === 0) return "[ ]";
  const [only] = elements;
  if (elements.length === 1 && only !== undefined && !only.includes("\n")) return `[ ${only} ]`;
  return `[\n${indent(elements.join("\n"))}\n]`;
}

/** Bindings in groups, with one blank line between groups that are not empty. */
export function paragraphs(...groups: readonly (readonly Binding[])[]): readonly Binding[] {
  return groups.filter((group) => group.length > 0).flatMap((group, index) => (index === 0 ? group : [undefined, ...group]));
}
