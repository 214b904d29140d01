import { blanked, closings } from "./blank.ts";

/** The tests that a Rust file compiles and runs, read from its tokens; macros that make tests out of nothing are not expanded. */

export interface RustTest {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** Code of the body without comments, blanks reduced; empty for a test that does nothing. */
  readonly body: string;
  /** `#[ignore]`, or a `cfg` that never holds, on it or around it. */
  readonly off: boolean;
}

export interface RustTests {
  readonly tests: readonly RustTest[];
  /** Modules of tests that live in files of their own: `#[cfg(test)] mod tests;`. */
  readonly modules: readonly string[];
}

/** Attributes that make a function a test; the last word of their path. */
const MAKES_TEST: ReadonlySet<string> = new Set(["test", "rstest", "test_case", "quickcheck", "proptest", "wasm_bindgen_test"]);

const FUNCTION =
  /(?:pub(?:\s*\([^)]*\))?\s+)?(?:default\s+)?(?:const\s+)?(?:async\s+)?(?:unsafe\s+)?(?:extern\s+(?:"[^"]*"\s+)?)?fn\s+([A-Za-z0-9_]+)/uy;
const MODULE = /(?:pub(?:\s*\([^)]*\))?\s+)?mod\s+([A-Za-z0-9_]+)\s*([;{])/uy;

export function rustTests(source: string): RustTests {
  const code = blanked(source);
  const items = attributedItems(code);
  const lineOf = lineFinder(code);
  const hidden = items.filter(({ attributes }) => attributes.some(isNever)).map(({ start, end }) => [start, end] as const);
  if (/#!\s*\[\s*cfg\s*\(\s*(?:any\s*\(\s*\)|false|FALSE)\s*\)\s*\]/u.test(code)) hidden.push([0, code.length]);
  const tests = items.flatMap(({ kind, name, attributes, start, end, body }): RustTest[] => {
    if (kind !== "fn" || !attributes.some((attribute) => MAKES_TEST.has(lastWord(attribute)))) return [];
    const off = attributes.some(isIgnore) || hidden.some(([from, to]) => from <= start && end <= to);
    return [{ name, line: lineOf(start) + linesBefore(attributes), body: bodyText(source, code, body, end), off }];
  });
  const modules = items.flatMap(({ kind, name, attributes }) =>
    kind === "mod;" && attributes.some((attribute) => /^cfg\s*\(\s*test\s*\)$/u.test(attribute)) ? [name] : [],
  );
  return { tests, modules };
}

interface Item {
  readonly kind: "fn" | "mod;" | "mod{";
  readonly name: string;
  /** Their insides, `cfg(test)`. */
  readonly attributes: readonly string[];
  /** From the first attribute to the end of the item. */
  readonly start: number;
  readonly end: number;
  /** Offset of the opening brace. */
  readonly body: number;
}

/** Functions and modules that bear at least one attribute. */
function attributedItems(code: string): readonly Item[] {
  const items: Item[] = [];
  const behindClosing = closings(code);
  const attribute = /#\s*\[/gu;
  for (let match = attribute.exec(code); match; match = attribute.exec(code)) {
    const start = match.index;
    const attributes: string[] = [];
    let at = start;
    for (
      let next = /^\s*#\s*\[/u.exec(code.slice(at, at + 10_000));
      next;
      next = /^\s*#\s*\[/u.exec(code.slice(at, at + 10_000))
    ) {
      const open = at + next[0].length - 1;
      at = behindClosing(open);
      attributes.push(code.slice(open + 1, at - 1).trim());
    }
    attribute.lastIndex = Math.max(at, start + 1);
    while (/\s/u.test(code[at] ?? "")) at += 1;
    FUNCTION.lastIndex = at;
    const fn = FUNCTION.exec(code);
    if (fn) {
      const body = code.indexOf("{", FUNCTION.lastIndex);
      const end = body < 0 ? code.length : behindClosing(body);
      items.push({ kind: "fn", name: fn[1] ?? "", attributes, start, end, body: body < 0 ? code.length : body });
      continue;
    }
    MODULE.lastIndex = at;
    const mod = MODULE.exec(code);
    if (!mod) continue;
    const body = MODULE.lastIndex - 1;
    items.push(
      mod[2] === ";"
        ? { kind: "mod;", name: mod[1] ?? "", attributes, start, end: body + 1, body }
        : { kind: "mod{", name: mod[1] ?? "", attributes, start, end: behindClosing(body), body },
    );
  }
  return items;
}

const lastWord = (attribute: string): string => /^((?:\w+\s*::\s*)*)(\w+)/u.exec(attribute)?.[2] ?? "";

const isIgnore = (attribute: string): boolean =>
  lastWord(attribute) === "ignore" || /^cfg_attr\b[\s\S]*,\s*ignore\b/u.test(attribute);

/** A condition that never holds, as it is written to switch code off. */
const isNever = (attribute: string): boolean =>
  /^cfg\s*\(\s*(?:any\s*\(\s*\)|false|FALSE|not\s*\(\s*all\s*\(\s*\)\s*\))\s*\)$/u.test(attribute);

/** Lines that the attributes before the last one take: of tests under each other the right one is meant. */
const linesBefore = (attributes: readonly string[]): number =>
  attributes.slice(0, -1).reduce((lines, attribute) => lines + attribute.split("\n").length, 0);

/** Line numbers of rising offsets. */
function lineFinder(code: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset; at += 1) if (code[at] === "\n") line += 1;
    return line;
  };
}

function bodyText(source: string, code: string, open: number, end: number): string {
  let text = "";
  // Strings are part of what a test says; comments are not.
  for (let at = open + 1; at < end - 1; at += 1) text += isComment(source, code, at) ? " " : (source[at] ?? "");
  const body = text.replace(/\s+/gu, " ").trim();
  return /^(?:assert!\s*\(\s*true\s*\);?|\(\)|return;?)?$/u.test(body) ? "" : body;
}

/** Blank in `code` although the source is not, outside of quotes: a quote keeps its marks. */
function isComment(source: string, code: string, at: number): boolean {
  if (code[at] !== " " || source[at] === " ") return false;
  const lineStart = code.lastIndexOf("\n", at) + 1;
  return (code.slice(lineStart, at).match(/"/gu)?.length ?? 0) % 2 === 0;
}
