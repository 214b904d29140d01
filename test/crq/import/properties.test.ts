import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importFaults, importText } from "../faults.ts";
import { EXAMPLE } from "../fixtures/example.ts";
import { DOCUMENTS, damagedDocument, hostileMarkdown, runs } from "../hostile-text.ts";

describe("an import loses no line and brings no approval, no error and no check that runs", () => {
  test("of Markdown of nasty pieces", () => {
    fc.assert(
      fc.property(hostileMarkdown, (source) => {
        expect(importFaults(source)).toEqual([]);
      }),
      runs(60),
    );
  });

  test("of damaged documents", () => {
    fc.assert(
      fc.property(damagedDocument(DOCUMENTS), (source) => {
        expect(importFaults(source)).toEqual([]);
      }),
      runs(20),
    );
  });
});

test.each([
  ["as it is", EXAMPLE],
  ["with a byte order mark", `\uFEFF${EXAMPLE}`],
  ["with CRLF", EXAMPLE.replaceAll("\n", "\r\n")],
  ["without a final newline", EXAMPLE.trimEnd()],
])("a document of the format goes over unchanged: %s", (_, source) => {
  expect(importText(source)).toEqual({
    kind: "copied",
    text: source,
    id: "CRQ-001",
    title: "Nixification of the greet Rust project",
    fileName: "CRQ-001-nixification-of-the-greet-rust-project.md",
    diagnostics: [],
  });
});
