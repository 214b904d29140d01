/**
 * Where a text stops being JSON (RFC 8259): the index of the first character that no JSON text could have there, the text's length when it
 * ends too early, or undefined when it is JSON. `JSON.parse` tells the place only for some faults, and in the engine's own words.
 */
export function jsonFault(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    at = matchEnd(BLANK, text, at) ?? at;
    if (expected === "end") return at === text.length ? undefined : at;
    const mark = text[at];
    if (mark === undefined) return text.length;
    if (expected === "colon" || expected === "comma-or-close") {
      if (expected === "colon" && mark === ":") expected = "value";
      else if (expected === "comma-or-close" && mark === "," && open.length > 0) expected = open.at(-1) === "{" ? "key" : "value";
      else if (expected === "comma-or-close" && closes(open.at(-1), mark)) expected = closed(open);
      else return at;
      at += 1;
    } else if ((expected === "key-or-close" || expected === "value-or-close") && closes(open.at(-1), mark)) {
      expected = closed(open);
      at += 1;
    } else if (expected === "key" || expected === "key-or-close") {
      const end = mark === '"' ? stringEnd(text, at) : { fault: at };
      if (end.fault !== undefined) return end.fault;
      at = end.next;
      expected = "colon";
    } else if (mark === "{" || mark === "[") {
      open.push(mark);
      expected = mark === "{" ? "key-or-close" : "value-or-close";
      at += 1;
    } else {
      const end = mark === '"' ? stringEnd(text, at) : scalarEnd(text, at);
      if (end.fault !== undefined) return end.fault;
      at = end.next;
      expected = open.length === 0 ? "end" : "comma-or-close";
    }
  }
}

type Expected = "value" | "value-or-close" | "key" | "key-or-close" | "colon" | "comma-or-close" | "end";
type End = { readonly next: number; readonly fault?: undefined } | { readonly fault: number };

const BLANK = /[ \t\n\r]+/y;
/** Piece by piece: a pattern without an end overflows the engine's stack over some millions of characters. */
const STRING_PIECE = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,4096}/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

const closes = (open: "{" | "[" | undefined, mark: string): boolean =>
  (open === "{" && mark === "}") || (open === "[" && mark === "]");

function closed(open: ("{" | "[")[]): Expected {
  open.pop();
  return open.length === 0 ? "end" : "comma-or-close";
}

function stringEnd(text: string, at: number): End {
  let end = at + 1;
  for (let next: number | undefined = end; next !== undefined; next = matchEnd(STRING_PIECE, text, end)) end = next;
  return text[end] === '"' ? { next: end + 1 } : { fault: end };
}

function scalarEnd(text: string, at: number): End {
  const next = matchEnd(SCALAR, text, at);
  return next === undefined ? { fault: at } : { next };
}
