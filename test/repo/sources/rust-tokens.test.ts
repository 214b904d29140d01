import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { macroCalls, rustTokens } from "../../../src/repo/sources/rust-tokens.ts";

const strings = (source: string) => rustTokens(source).flatMap((token) => (token.kind === "string" ? [token.text] : []));

describe("rustTokens", () => {
  it("leaves comments out, nested ones too", () => {
    expect(rustTokens('a /* "x" /* b */ */ // "c"\nd').map(({ text, line }) => [text, line])).toEqual([
      ["a", 1],
      ["d", 2],
    ]);
  });

  it("reads plain, raw, byte and C strings", () => {
    expect(strings(String.raw`"a\"b\n\u{e9}\x41" r#"c"d"# b"e" br"\f" c"g"`)).toEqual(['a"b\né' + "A", 'c"d', "e", "\\f", "g"]);
  });

  it("joins a string that a backslash continues", () => {
    expect(strings('"one \\\n    two"')).toEqual(["one two"]);
  });

  it("tells characters from lifetimes", () => {
    expect(strings(`'"' "real" fn f<'a>(x: &'a str) { '\\'' } "two"`)).toEqual(["real", "two"]);
  });

  it("keeps line numbers after a string of several lines", () => {
    expect(rustTokens('"a\nb"\nc').at(-1)).toEqual({ kind: "word", text: "c", line: 3 });
  });

  it("never throws, whatever the text, and every token is where its line says", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('"', "'", "\\", "/*", "*/", "//", "\n", "r#", '"#', "a", "{", "é", "\u{1f600}")),
        (parts) => {
          const source = parts.join("");
          const lines = source.split("\n").length;
          for (const token of rustTokens(source)) expect(token.line).toBeLessThanOrEqual(lines);
        },
      ),
    );
  });

  it("reads back any string that was written with Rust's escapes", () => {
    const literal = (text: string): string =>
      `"${[...text].map((c) => (/[\w ]/.test(c) ? c : `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)).join("")}"`;
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
        (text) => {
          expect(strings(`f(${literal(text)});`)).toEqual([text]);
        },
      ),
    );
  });
});

describe("macroCalls", () => {
  it("finds calls inside calls", () => {
    const calls = macroCalls(rustTokens('println!("{}", include_str!["a.txt"]);'), new Set(["println", "include_str"]));
    expect(calls.map((call) => [call.name, call.arguments.map((token) => token.text)])).toEqual([
      ["println", ["{}", ",", "include_str", "!", "[", "a.txt", "]"]],
      ["include_str", ["a.txt"]],
    ]);
  });

  it("is not fooled by a word without its mark", () => {
    expect(macroCalls(rustTokens("include_str + (1)"), new Set(["include_str"]))).toEqual([]);
  });
});
