import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributeNameAt, stringAt, tokenize, withoutComments } from "../../src/nix/tokenize.ts";

const kinds = (source: string): readonly string[] =>
  tokenize(source).map(({ kind, text, value }) => `${kind} ${value === undefined ? text : JSON.stringify(value)}`);

describe("code", () => {
  test("comments, identifiers, numbers, paths, addresses, symbols", () => {
    expect(kinds("# a\nlet x' = 1.5; y-z = ./a/b.nix; in /* b\n */ <nixpkgs/lib> ++ https://example.org/a?b=c ~/x")).toEqual([
      "comment # a",
      "identifier let",
      "identifier x'",
      "symbol =",
      "number 1.5",
      "symbol ;",
      "identifier y-z",
      "symbol =",
      "path ./a/b.nix",
      "symbol ;",
      "identifier in",
      "comment /* b\n */",
      "path <nixpkgs/lib>",
      "symbol ++",
      "uri https://example.org/a?b=c",
      "path ~/x",
    ]);
  });

  test("an address ends at a blank, and a lambda's colon with a blank is none", () => {
    expect(kinds("x: y")).toEqual(["identifier x", "symbol :", "identifier y"]);
    expect(kinds("x:y")).toEqual(["uri x:y"]);
    expect(kinds("{ a, b ? 1, ... }@args:\na")).toContain("symbol ...");
  });
});

describe("strings", () => {
  test("escapes are decoded, antiquotations are code", () => {
    expect(kinds(`"a\\n\\"\\\${x} $\${y} \${f "in\${n}ner" { b = 1; }} z"`)).toEqual([
      'quote "',
      `text ${JSON.stringify('a\n"${x} $${y} ')}`,
      "antiquotation ${",
      "identifier f",
      'quote "',
      'text "in"',
      "antiquotation ${",
      "identifier n",
      "antiquotation }",
      'text "ner"',
      'quote "',
      "symbol {",
      "identifier b",
      "symbol =",
      "number 1",
      "symbol ;",
      "symbol }",
      "antiquotation }",
      'text " z"',
      'quote "',
    ]);
  });

  test("an indented string: ''' is two quotes, ''${ is no antiquotation, ''\\n is a line", () => {
    expect(kinds(`'' a ''' ''\${b} ''\\n $\${c} # no comment \${d} ''`)).toEqual([
      "quote ''",
      `text ${JSON.stringify(" a '' ${b} \n $${c} # no comment ")}`,
      "antiquotation ${",
      "identifier d",
      "antiquotation }",
      'text " "',
      "quote ''",
    ]);
  });

  test("a string that never closes ends with the file", () => {
    expect(kinds("'''foo; }")).toEqual(["quote ''", `text "'foo; }"`]);
  });

  test("literals and attribute names", () => {
    const tokens = tokenize('{ "a.b" = ""; ${"c"} = "d${e}"; }');
    expect(attributeNameAt(tokens, 1)).toEqual({ name: "a.b", next: 4 });
    expect(stringAt(tokens, 5)).toEqual({ value: "", next: 7 });
    expect(attributeNameAt(tokens, 8)).toEqual({ name: "c", next: 13 });
    expect(stringAt(tokens, 14)).toBeUndefined();
  });
});

test("lines count", () => {
  expect(withoutComments(tokenize("a\n/* x\n\n*/ b ''\n\n'' c")).map(({ text, line }) => [text, line])).toEqual([
    ["a", 1],
    ["b", 4],
    ["''", 4],
    ["\n\n", 4],
    ["''", 6],
    ["c", 6],
  ]);
});

const piece = fc.constantFrom(
  "a",
  " ",
  "\n",
  '"',
  "''",
  "'",
  "${",
  "}",
  "{",
  "$",
  "\\",
  "#",
  "/*",
  "*/",
  "/",
  "./",
  "x:y",
  "1",
  ".",
  ";",
  "=",
  "é",
  "<",
  ">",
  "~",
);

test("every character outside blanks stands in exactly one token, in order", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
      (source) => {
        let at = 0;
        for (const { start, end, text } of tokenize(source)) {
          expect(source.slice(at, start).trim()).toBe("");
          expect(source.slice(start, end)).toBe(text);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(source.slice(at).trim()).toBe("");
      },
    ),
  );
});
