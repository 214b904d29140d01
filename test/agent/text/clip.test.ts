import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip } from "../../../src/agent/text/clip.ts";

const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `line ${from + i}`).join("\n");

describe("clip", () => {
  it("leaves a text alone that fits", () => {
    expect(clip(lines(0, 10), { head: 50, tail: 50, error: 50 })).toBeUndefined();
  });

  it("keeps head and tail in whole lines and says how much is missing", () => {
    expect(clip(lines(100, 200), { head: 20, tail: 20, error: 20 })).toBe(
      "line 100\nline 101\n[… 865 characters left out …]\nline 198\nline 199",
    );
  });

  it("keeps the first error in the middle as well", () => {
    const text = `${lines(100, 150)}\nerror[E0432]: unresolved import\n  --> src/main.rs\n${lines(150, 200)}\nerror: build failed`;
    expect(clip(text, { head: 20, tail: 30, error: 60 })).toBe(
      [
        "line 100\nline 101",
        "[… 424 characters left out …]",
        "line 149\nerror[E0432]: unresolved import\n  --> src/main.rs",
        "[… 442 characters left out …]",
        "line 199\nerror: build failed",
      ].join("\n"),
    );
  });

  it("does not show an error twice that the head or the tail shows", () => {
    expect(clip(`error: first\n${lines(100, 200)}`, { head: 20, tail: 20, error: 20 })?.match(/left out/gu)?.length).toBe(1);
  });

  it("cuts inside a line that has no end, never inside a character", () => {
    const cut = clip("🦀".repeat(1000), { head: 101, tail: 101, error: 101 });
    expect(cut?.isWellFormed()).toBe(true);
    expect(cut?.length).toBeLessThan(400);
  });

  it("accounts for every character: what is shown and what is said to be missing is the whole", () => {
    const line = fc.constantFrom("", "x", "error: no", "longer line of text", "🦀🦀🦀");
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 30, maxLength: 200 }),
        fc.nat({ max: 200 }),
        fc.nat({ max: 200 }),
        fc.nat({ max: 200 }),
        (parts, head, tail, error) => {
          const text = parts.join("\n");
          const cut = clip(text, { head, tail, error });
          if (cut === undefined) {
            expect(text.length).toBeLessThanOrEqual(head + tail + error);
            return;
          }
          const gaps = [...cut.matchAll(/\n\[… (\d+) characters left out …\]\n/gu)];
          const missing = gaps.reduce((sum, gap) => sum + Number(gap[1]), 0);
          const marks = gaps.reduce((sum, gap) => sum + gap[0].length, 0);
          expect(cut.length - marks + missing).toBe(text.length);
        },
      ),
    );
  });
});
