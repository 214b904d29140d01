import fc from "fast-check";
import { expect, test } from "vitest";
import { readDocument } from "../../../src/crq/parse/document.ts";
import { readHead } from "../../../src/crq/parse/head.ts";
import { EXAMPLE } from "../fixtures/example.ts";

/** Pieces of documents, among them such that change what the pieces before them are. */
const PIECES = [
  "# CRQ-007: A title\n",
  "# A title without an id\n",
  "Setext CRQ-008\n===\n",
  '```toml crq\nschema = "crq/1"\nid = "CRQ-009"\ntitle = "Some title"\nstatus = "draft"\nkind = "docs"\ncreated = 2026-11-20\nauthors = ["human:Pat"]\n```\n',
  "```toml crq\nnot toml\n```\n",
  "```text\nopen until the end\n",
  "---\nid: CRQ-010\n---\n",
  "[a]: https://example.org\n",
  "## 1. Overview\n",
  "> quoted\nlazy\n",
  `${"words and words ".repeat(150)}\n`,
  `- item\n\n${"    indented line\n".repeat(120)}`,
  "\n",
];

test("gives what reading the whole document gives, however long the document and its parts are", () => {
  const document = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join("\n"));
  fc.assert(
    fc.property(document, (source) => {
      const whole = readDocument("crqs/x.md", source).crq;
      const head = readHead("crqs/x.md", source);
      expect({ title: head.title, metadata: head.metadata }).toEqual({ title: whole.title, metadata: whole.metadata });
    }),
    { numRuns: 60 },
  );
});

test("a byte order mark, CRLF and a line longer than what is read first", () => {
  for (const source of [`\uFEFF${EXAMPLE.replaceAll("\n", "\r\n")}`, `${"x".repeat(9_000)}\n\n${EXAMPLE}`]) {
    const whole = readDocument("crqs/x.md", source).crq;
    expect(readHead("crqs/x.md", source)).toMatchObject({ title: whole.title, metadata: whole.metadata });
  }
});
