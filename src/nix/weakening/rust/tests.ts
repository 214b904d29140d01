import { blanked, closings } from "./blank.ts";
import { holds } from "./condition.ts";

/** The tests that a Rust file compiles and runs, read from its tokens; macros that make tests out of nothing are not expanded. */

export interface RustTest {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** Code of the body without comments, blanks reduced; empty for a test that does nothing. */
  readonly body: string;
  /** `#[ignore]`, or a `cfg` that never holds, on it or around it. */
  readonly off: boolean;
  /** How many conditions on it and around it ask for a feature that is not known to be on. */
  readonly gates: number;
}

export interface RustTests {
  readonly tests: readonly RustTest[];
  /** Modules of tests that live in files of their own: `#[cfg(test)] mod tests;`. */
  readonly modules: readonly string[];
  /** Modules in files of their own, of tests or named so, that no build compiles unless a feature is asked for. */
  readonly shut: readonly { readonly name: string; readonly line: number }[];
}

/** Attributes that make a function a test; the last word of their path. */
const MAKES_TEST: ReadonlySet<string> = new Set(["test", "rstest", "test_case", "quickcheck", "proptest", "wasm_bindgen_test"]);

const FUNCTION =
  /(?:pub(?:\s*\([^)]*\))?\s+)?(?:default\s+)?(?:const\s+)?(?:async\s+)?(?:unsafe\s+)?(?:extern\s+(?:"[^"]*"\s+)?)?fn\s+([A-Za-z0-9_]+)/uy;
const MODULE = /(?:pub(?:\s*\([^)]*\))?\s+)?mod\s+([A-Za-z0-9_]+)\s*([;{])/uy;

/** @param isOn whether a feature is on by default; one that nobody knows is taken for off */
export function rustTests(source: string, isOn: (feature: string) => boolean = () => false): RustTests {
  const code = blanked(source);
  const items = attributedItems(code, source);
  const lineOf = lineFinder(code);
  const isGate = (condition: string): boolean => !isNever(condition) && holds(condition, isOn) === false;
  const conditions = [
    ...items.flatMap(({ conditions: all, start, end }) => all.map((condition) => ({ condition, start, end }))),
    ...conditionsOfFile(code, source).map((condition) => ({ condition, start: 0, end: code.length })),
  ];
  const hidden = conditions.filter(({ condition }) => isNever(condition));
  const gates = conditions.filter(({ condition }) => isGate(condition));
  const tests = items.flatMap(({ kind, name, attributes, start, end, body }): RustTest[] => {
    if (kind !== "fn" || !attributes.some((attribute) => MAKES_TEST.has(lastWord(attribute)))) return [];
    const around = (one: { readonly start: number; readonly end: number }): boolean => one.start <= start && end <= one.end;
    const off = attributes.some(isIgnore) || hidden.some(around);
    const line = lineOf(start) + linesBefore(attributes);
    return [{ name, line, body: bodyText(source, code, body, end), off, gates: gates.filter(around).length }];
  });
  const inFiles = items.filter(({ kind }) => kind === "mod;");
  return {
    tests,
    modules: inFiles.filter(({ conditions: all }) => all.some(isOfTests)).map(({ name }) => name),
    shut: inFiles
      .filter(({ conditions: all }) => all.some((condition) => isNever(condition) || isGate(condition)))
      .map(({ name, start }) => ({ name, line: code.slice(0, start).split("\n").length })),
  };
}

const isOfTests = (condition: string): boolean => /^cfg\s*\(\s*test\s*\)$/u.test(condition);

/** `#![cfg(…)]` */
function conditionsOfFile(code: string, source: string): readonly string[] {
  const behindClosing = closings(code);
  return [...code.matchAll(/#!\s*\[(?=\s*cfg\s*\()/gu)].map(({ 0: mark, index }) => {
    const open = index + mark.length - 1;
    return source.slice(open + 1, behindClosing(open) - 1).trim();
  });
}

interface Item {
  readonly kind: "fn" | "mod;" | "mod{";
  readonly name: string;
  /** Their insides, `cfg(test)`. */
  readonly attributes: readonly string[];
  /** Those that are conditions, with their strings. */
  readonly conditions: readonly string[];
  /** From the first attribute to the end of the item. */
  readonly start: number;
  readonly end: number;
  /** Offset of the opening brace. */
  readonly body: number;
}

/** Functions and modules that bear at least one attribute. */
function attributedItems(code: string, source: string): readonly Item[] {
  const items: Item[] = [];
  const behindClosing = closings(code);
  const attribute = /#\s*\[/gu;
  for (let match = attribute.exec(code); match; match = attribute.exec(code)) {
    const start = match.index;
    const attributes: string[] = [];
    const conditions: string[] = [];
    let at = start;
    for (
      let next = /^\s*#\s*\[/u.exec(code.slice(at, at + 10_000));
      next;
      next = /^\s*#\s*\[/u.exec(code.slice(at, at + 10_000))
    ) {
      const open = at + next[0].length - 1;
      at = behindClosing(open);
      attributes.push(code.slice(open + 1, at - 1).trim());
      if (/^\s*cfg\s*\(/u.test(code.slice(open + 1, at))) conditions.push(source.slice(open + 1, at - 1).trim());
    }
    attribute.lastIndex = Math.max(at, start + 1);
    while (/\s/u.test(code[at] ?? "")) at += 1;
    FUNCTION.lastIndex = at;
    const fn = FUNCTION.exec(code);
    if (fn) {
      const body = code.indexOf("{", FUNCTION.lastIndex);
      const end = body < 0 ? code.length : behindClosing(body);
      items.push({ kind: "fn", name: fn[1] ?? "", attributes, conditions, start, end, body: body < 0 ? code.length : body });
      continue;
    }
    MODULE.lastIndex = at;
    const mod = MODULE.exec(code);
    if (!mod) continue;
    const body = MODULE.lastIndex - 1;
    items.push(
      mod[2] === ";"
        ? { kind: "mod;", name: mod[1] ?? "", attributes, conditions, start, end: body + 1, body }
        : { kind: "mod{", name: mod[1] ?? "", attributes, conditions, start, end: behindClosing(body), body },
    );
  }
  return items;
}

const lastWord = (attribute: string): string => /^((?:\w+\s*::\s*)*)(\w+)/u.exec(attribute)?.[2] ?? "";

const isIgnore = (attribute: string): boolean =>
  lastWord(attribute) === "ignore" || /^cfg_attr\b[\s\S]*,\s*ignore\b/u.test(attribute);

/** A condition that never holds, whatever the features, as it is written to switch code off. */
const isNever = (condition: string): boolean => holds(condition, () => undefined) === false;

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
  let inString = false;
  for (let at = open + 1; at < end - 1; at += 1) {
    // A quote keeps its marks in `code`, a comment does not.
    if (code[at] === '"') inString = !inString;
    // Strings are part of what a test says; comments are not.
    text += inString || code[at] !== " " ? (source[at] ?? "") : " ";
  }
  const body = text.replace(/\s+/gu, " ").trim();
  return /^(?:assert!\s*\(\s*true\s*\);?|\(\)|return;?)?$/u.test(body) ? "" : body;
}
