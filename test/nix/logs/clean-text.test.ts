import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText } from "../../../src/nix/logs/clean-text.ts";

test.each([
  ["plain text", "error: boom\n\tat x\n", "error: boom\n\tat x\n"],
  ["colours", "\u001b[31merror\u001b[0m: grüße", "error: grüße"],
  ["a line drawn over", "10 %\r50 %\r100 %\ndone\n", "100 %\ndone\n"],
  ["a line drawn over to its end", "10 %\r100 %\r\ndone\r\r\n", "100 %\ndone\n"],
  ["only returns", "\r\r\n\r", "\n"],
  ["control bytes", "a\u0000b\u0007c\u009fd", "abcd"],
])("%s", (_, raw, clean) => {
  expect(cleanText(raw)).toBe(clean);
});

test("is clean once it was cleaned", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\r", "\n", "\u001b", "[", "3", "1", "m", "ü", "\u0007") });
  fc.assert(
    fc.property(text, (raw) => {
      const once = cleanText(cleanText(raw));
      expect(/[^\t\n\u0020-\u007e\u00a0-\uffff]/u.test(once)).toBe(false);
      expect(cleanText(once)).toBe(once);
    }),
  );
});

test("a line of megabytes is cleaned as fast as many short ones", () => {
  const line = "x".repeat(8 * 1024 * 1024);
  expect(cleanText(`${line}…`)).toBe(`${line}…`);
});
