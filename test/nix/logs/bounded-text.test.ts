import fc from "fast-check";
import { expect, test } from "vitest";
import { BoundedText } from "../../../src/nix/logs/bounded-text.ts";

const write = (lines: readonly string[], limit: number): string => {
  const text = new BoundedText(limit);
  for (const line of lines) text.add(line);
  return text.text();
};

test("head and tail stay, what is between is counted", () => {
  expect(write(["one", "two", "three"], 100)).toBe("one\ntwo\nthree\n");
  expect(write(["aa", "bb", "cc", "dd", "ee"], 14)).toBe("aa\nbb\n[… 1 lines left out …]\ndd\nee\n");
});

test("the text is bounded, the first and the last line are there", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 20 }), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 100, max: 400 }),
      (lines, limit) => {
        const text = write(lines, limit);
        expect(text.length).toBeLessThan(limit + 60);
        expect(text.startsWith(`${lines[0]}\n`)).toBe(true);
        expect(text.endsWith(`${lines.at(-1)}\n`)).toBe(true);
      },
    ),
  );
});

test("a long run keeps its end", () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}`);
  expect(write(lines, 200).split("\n").slice(-3)).toEqual(["line 19998", "line 19999", ""]);
});
