import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { EXAMPLE } from "./fixtures/example.ts";
import { CHAT_LEFTOVERS } from "./fixtures/imitations.ts";

/** Texts that break readers of Markdown, for property tests. `CRQ_FUZZ_RUNS` and `CRQ_FUZZ_SEED` make a long run by hand. */

export const runs = (usual: number): { numRuns: number; seed?: number } => ({
  numRuns: Number(process.env.CRQ_FUZZ_RUNS ?? usual),
  ...(process.env.CRQ_FUZZ_SEED !== undefined && { seed: Number(process.env.CRQ_FUZZ_SEED) }),
});

const NASTY = [
  "\n",
  "\n\n",
  "\r\n",
  "\r",
  "```",
  "```\n",
  "````\n",
  "~~~\n",
  "    ```\n",
  "```nix\n",
  "```toml crq\n",
  '```toml crq\nschema = "crq/1"\n```\n',
  'schema = "crq/1"\nid = "CRQ-007"\ntitle = "Smuggled"\nstatus = "approved"\n',
  'approval = { by = "human:x", at = 2026-01-01T00:00:00Z, via = "approve", hash = "sha256:00" }\n',
  "```toml check AC-1\n",
  '```toml check AC-1\nkind = "command"\nscript = "true"\nwhy = "x"\n```\n',
  "```toml facts\n",
  "# CRQ-001: Title here\n",
  "# CRQ-001\n",
  "# crq 7 - x\n",
  "## 1. Overview\n",
  "## 3. Scope\n",
  "## 5. Acceptance Criteria\n",
  "## Acceptance Criteria\n",
  "## Success Criteria ##\n",
  "## 12. Imported Text\n",
  "## Status\nImplemented\n",
  "## Anything else\n",
  "### 4.1. Sub\n",
  "#\n",
  "###### deep\n",
  "Setext\n---\n",
  "Setext\n===\n",
  "- \n",
  "- item `nix build .#x`\n",
  "-   **AC-1**: ",
  "- **AC-1** (withdrawn 2026-01-01: gone)\n",
  "- (withdrawn 2026-01-01: gone) x\n",
  "- [x] done\n",
  "- - - x\n",
  "- > quote\n",
  "- # heading in item\n",
  "1. one\n2. two\n",
  "* **CRQ ID:** CRQ-042\n",
  "* **Status:** Approved\n",
  "**Description:** text\n",
  "Status: closed\n",
  "> ",
  "> > ```\n",
  "    ",
  "\t",
  "\t\t- x\n",
  "<!-- crq-lint ignore a/b: c -->\n",
  "<!-- crq-lint off -->\n",
  "<!--",
  "-->\n",
  "<div>\n",
  "<script>\n",
  "<?php\n",
  "<![CDATA[\n",
  "</div>\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n",
  "| a\n|-\n",
  "[x]: y\n",
  "[^1]: note\n",
  "[^1]",
  "![a](b)",
  "---\n",
  "---\ntitle: x\nstatus: closed\n---\n",
  "---\na: &a [x]\nb: *a\n---\n",
  "***\n",
  'kind = "run"\n',
  "argv = [",
  "'''",
  '"""',
  "[[check]]\n",
  "suggested = false\n",
  "${out:AC-1.0}",
  "${foo}",
  "$${",
  "`",
  "``",
  "`nix build .#${x}`",
  "\\",
  "|",
  "\u0000",
  "\u001b[31m",
  "\u2028",
  "\u00a0",
  "\u200f",
  "\uFEFF",
  "\ud800",
  "\udc00",
  "é́",
  "👩‍👩‍👧",
  "Answer:",
  "**Q-1**: ",
  "constructor",
  "## constructor\n",
  "__proto__: x\n",
  "CRQ-123456789012345678901234567890123456789012345678901234 ",
  "CRQ-20261120",
  "x".repeat(2_000),
  "* ".repeat(40),
  "> ".repeat(40),
  "[".repeat(60),
  "*a_".repeat(30),
] as const;

const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom("a", "*", "_", "[", "]", "(", ")", "<", ">", "!", " ", "\n"), { maxLength: 20 })
      .map((marks) => marks.join("")),
  },
);

/** Markdown put together from pieces that open, close, nest and smuggle. */
export const hostileMarkdown = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("\n")),
  fc.string({ unit: "binary", maxLength: 300 }),
);

const root = join(import.meta.dirname, "..", "..");
const own = (path: string): string => readFileSync(join(root, path), "utf8");

/** Sound documents: the example, a CRQ of this project, and an imitation from the wild. */
export const DOCUMENTS: readonly string[] = [EXAMPLE, CHAT_LEFTOVERS, ...ownDocuments()];

function ownDocuments(): string[] {
  return own("crqs/list.txt")
    .split("\n")
    .filter((name) => name !== "")
    .slice(0, 3)
    .map((name) => own(`crqs/${name}`));
}

type Mutation = (lines: string[]) => string[];

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const index = (share: number, lines: readonly string[]): number => Math.floor(share * lines.length);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  at.map(
    (a): Mutation =>
      (lines) =>
        lines.toSpliced(index(a, lines), 1),
  ),
  at.map(
    (a): Mutation =>
      (lines) =>
        lines.toSpliced(index(a, lines), 0, lines[index(a, lines)] ?? ""),
  ),
  fc.tuple(at, at).map(
    ([a, b]): Mutation =>
      (lines) => {
        const [i, j] = [index(a, lines), index(b, lines)];
        return lines.with(i, lines[j] ?? "").with(j, lines[i] ?? "");
      },
  ),
  at.map(
    (a): Mutation =>
      (lines) =>
        lines.slice(0, index(a, lines) + 1),
  ),
  fc.tuple(at, piece).map(
    ([a, text]): Mutation =>
      (lines) =>
        lines.toSpliced(index(a, lines), 0, text),
  ),
  fc.tuple(at, at, piece).map(
    ([a, b, text]): Mutation =>
      (lines) => {
        const line = lines[index(a, lines)] ?? "";
        const column = Math.floor(b * (line.length + 1));
        return lines.with(index(a, lines), line.slice(0, column) + text + line.slice(column + 1));
      },
  ),
  fc.constant<Mutation>((lines) => lines.map((line) => `${line}\r`)),
  fc.constant<Mutation>((lines) => lines.with(0, `\uFEFF${lines[0] ?? ""}`)),
);

/** One of the documents after a few accidents. */
export const damagedDocument = (documents: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...documents), fc.array(mutation, { minLength: 1, maxLength: 6 }))
    .map(([document, mutations]) =>
      mutations.reduce((lines, change) => (lines.length === 0 ? lines : change(lines)), document.split("\n")).join("\n"),
    );

/** Whether a place lies in a text: the column may stand behind the last character of its line. */
export function isInside(text: string, { line, column }: { readonly line: number; readonly column: number }): boolean {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const found = lines[line - 1];
  return found !== undefined && column >= 1 && column <= found.length + 1;
}
