import { childOf, childOfType, type Syntax } from "./grammar.ts";

/** Attributes of an item, with those behind a `cfg_attr` that may hold. */

export interface Attribute {
  /** `derive`, `cfg`, `rustfmt::skip` … */
  readonly name: string;
  /** What stands in its parentheses, as tokens; `value` for `name = "value"`. */
  readonly tokens: readonly string[];
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Written behind cfg_attr. */
  readonly conditional: boolean;
}

export type Truth = "yes" | "no" | "unknown";

/** The words of a piece of source, string literals whole, comments left out. */
export function tokensOf(node: Syntax, text: string): string[] {
  const tokens: string[] = [];
  const stack = [node];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.type === "line_comment" || top.type === "block_comment") continue;
    if (top.children.length === 0 || top.type === "string_literal" || top.type === "raw_string_literal") {
      tokens.push(text.slice(top.start, top.end));
      continue;
    }
    for (let index = top.children.length - 1; index >= 0; index -= 1) {
      const child = top.children[index];
      if (child) stack.push(child);
    }
  }
  return tokens;
}

/** The attributes of one `#[…]`: one, or what a cfg_attr that may hold stands for. */
export function attributesOf(node: Syntax, text: string, holds: (tokens: readonly string[]) => Truth): readonly Attribute[] {
  const attribute = childOfType(node, "attribute");
  if (!attribute) return [];
  const tokens = tokensOf(attribute, text);
  const place = { start: node.start, end: node.end };
  const [name] = tokens;
  if (name !== "cfg_attr") return [one(tokens, { ...place, conditional: false }, childOf(attribute, "value"), text)];
  const [predicate = [], ...rest] = splitAtCommas(inParentheses(tokens, 1));
  return holds(predicate) === "no" ? [] : rest.map((some) => one(some, { ...place, conditional: true }, undefined, text));
}

function one(
  tokens: readonly string[],
  place: Pick<Attribute, "start" | "end" | "conditional">,
  value: Syntax | undefined,
  text: string,
): Attribute {
  // `#[unsafe(no_mangle)]` says what `#[no_mangle]` says.
  if (tokens[0] === "unsafe" && tokens[1] === "(") return one(inParentheses(tokens, 1), place, undefined, text);
  let end = 1;
  while (tokens[end] === "::" && end + 1 < tokens.length) end += 2;
  const name = tokens.slice(0, end).join("");
  const literal = value ? text.slice(value.start, value.end) : tokens[end] === "=" ? tokens[end + 1] : undefined;
  return { name, tokens: tokens[end] === "(" ? inParentheses(tokens, end) : [], value: literal && unquoted(literal), ...place };
}

const unquoted = (literal: string): string => /^r?#*"([\s\S]*)"#*$/u.exec(literal)?.[1] ?? literal;

/** The tokens between the bracket at `open` and its partner. */
function inParentheses(tokens: readonly string[], open: number): readonly string[] {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (tokens[index] === "(") depth += 1;
    if (tokens[index] === ")") depth -= 1;
    if (depth === 0) return tokens.slice(open + 1, index);
  }
  return tokens.slice(open + 1);
}

export function splitAtCommas(tokens: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (["(", "[", "{"].includes(token)) depth += 1;
    if ([")", "]", "}"].includes(token)) depth -= 1;
    if (token === "," && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** Reads a configuration predicate (the Rust reference, "Conditional compilation"); the platform is not known here. */
export function cfgHolds(tokens: readonly string[], features: ReadonlySet<string>): Truth {
  const [head, second] = tokens;
  if (head === undefined) return "unknown";
  if (second === "(") {
    const parts = splitAtCommas(inParentheses(tokens, 1)).map((part) => cfgHolds(part, features));
    if (head === "not") return parts[0] === "yes" ? "no" : parts[0] === "no" ? "yes" : "unknown";
    if (head === "all") return parts.includes("no") ? "no" : parts.includes("unknown") ? "unknown" : "yes";
    if (head === "any") return parts.includes("yes") ? "yes" : parts.includes("unknown") ? "unknown" : "no";
    return "unknown";
  }
  if (second === "=") {
    return head === "feature" ? (features.has(unquoted(tokens[2] ?? "")) ? "yes" : "no") : "unknown";
  }
  return ["test", "doc", "doctest", "miri", "loom", "fuzzing"].includes(head) ? "no" : "unknown";
}
