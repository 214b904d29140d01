import fc from "fast-check";
import { expect, it } from "vitest";
import { PAGE, pageOf } from "../../src/mcp/resources/page.ts";

/** Every page, as a client asks for them. */
function pagesOf(text: string): readonly string[] {
  const pages: string[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = pageOf(text, from);
    pages.push(page.text);
    from = page.next;
  }
  return pages;
}

const lines = fc.array(fc.tuple(fc.string({ unit: "grapheme", maxLength: 40 }), fc.integer({ min: 0, max: 3_000 })), {
  maxLength: 40,
});

it("gives pages that make up the whole, none too long, none that ends within a character, and ends at lines where it can", () => {
  fc.assert(
    fc.property(lines, (parts) => {
      const text = parts.map(([part, times]) => `${part.repeat(times)}\n`).join("");
      const pages = pagesOf(text);
      expect(pages.join("")).toBe(text);
      for (const page of pages) {
        expect(page.length).toBeLessThanOrEqual(PAGE);
        expect(page.isWellFormed()).toBe(text.isWellFormed());
      }
      for (const page of pages.slice(0, -1))
        expect(page.includes("\n") ? page.endsWith("\n") : page.length > PAGE - 2).toBe(true);
    }),
  );
});

it.each([
  ["a text of one page", "x".repeat(PAGE), [PAGE]],
  ["one character more", "x".repeat(PAGE + 1), [PAGE, 1]],
  ["one line of characters of two units", `a${"😀".repeat(PAGE)}`, [PAGE - 1, PAGE, 2]],
  ["nothing", "", [0]],
])("%s", (_, text, lengths) => {
  expect(pagesOf(text).map(({ length }) => length)).toEqual(lengths);
});
