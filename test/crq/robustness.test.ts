import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readingFaults } from "./faults.ts";
import { DOCUMENTS, damagedDocument, hostileMarkdown, runs } from "./hostile-text.ts";

describe("parser and linter never throw and always point into the document", () => {
  test("on Markdown of nasty pieces", () => {
    fc.assert(
      fc.property(hostileMarkdown, (source) => {
        expect(readingFaults(source)).toEqual([]);
      }),
      runs(60),
    );
  });

  test("on damaged documents", () => {
    fc.assert(
      fc.property(damagedDocument(DOCUMENTS), (source) => {
        expect(readingFaults(source)).toEqual([]);
      }),
      runs(20),
    );
  });
});
