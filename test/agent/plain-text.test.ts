import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainText } from "../../src/agent/plain-text.ts";

describe("plainText", () => {
  it.each([
    ["colours", "\u001b[1;31merror:\u001b[0m no", "error: no"],
    ["a window title", "\u001b]0;title\u0007after", "after"],
    ["a hyperlink", "\u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["a sequence cut at the end", "text\u001b[3", "text"],
    ["an unfinished string", "text\u001b]0;ti", "text"],
    ["an unfinished string, and not the lines behind it", "text\u001b]0;ti\nerror: no", "text\nerror: no"],
    ["the eight-bit CSI", "a\u009b31mb", "ab"],
    ["progress lines", "10%\r20%\r\ndone", "10%\n20%\ndone"],
    ["NUL, BEL, backspace", "a\u0000b\u0007c\u0008d", "abcd"],
    ["nothing: tabs, newlines, other scripts", "a\tb\nü 漢 🦀", "a\tb\nü 漢 🦀"],
  ])("strips %s", (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it("leaves no control byte in any text, and changes nothing the second time", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom("\u001b", "[", "]", "\u0007", "\r", "\n", "m", "\u009b", "\u0090"),
            fc.string({ maxLength: 1 }),
          ),
        }),
        (text) => {
          const plain = plainText(text);
          expect(plain).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
          expect(plainText(plain)).toBe(plain);
        },
      ),
    );
  });
});
