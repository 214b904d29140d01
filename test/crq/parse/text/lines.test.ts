import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf } from "../../../../src/crq/parse/text/lines.ts";

test("lines end at LF, CRLF and a lone CR; a byte order mark has no column", () => {
  const lines = linesOf("\uFEFFab\r\nc\rd\n");
  expect([1, 2, 3, 4].map((line) => lines.textOf(line))).toEqual(["ab", "c", "d", ""]);
  expect([0, 1, 3, 5, 7, 9].map((offset) => lines.placeAt(offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
  ]);
  expect(lines.count).toBe(4);
});

test("the lines with their endings are the text, and every offset has its place back", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\r", "\n", "é", "😀") }), (source) => {
      const lines = linesOf(source);
      const numbers = Array.from({ length: lines.count }, (_, index) => index + 1);
      expect(numbers.map((line) => source.slice(lines.startOf(line), lines.afterOf(line))).join("")).toBe(source);
      for (let offset = 0; offset <= source.length; offset += 1) {
        const { line, column } = lines.placeAt(offset);
        expect(lines.startOf(line) + column - 1).toBe(offset);
      }
    }),
  );
});
