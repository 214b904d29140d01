import fc from "fast-check";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { expect, test } from "vitest";
import { readMarkdown } from "../../../../src/crq/parse/text/markdown.ts";
import { parseCrq } from "../../../../src/crq/parse.ts";
import { hostileMarkdown, runs } from "../../hostile-text.ts";

const unlimited = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).freeze();

test("counting marks changes no tree", () => {
  fc.assert(
    fc.property(
      hostileMarkdown.filter((source) => !source.startsWith("\uFEFF")),
      (source) => {
        expect(readMarkdown(source)).toEqual(unlimited.parse(source));
      },
    ),
    runs(100),
  );
});

/** Each took minutes to parse; 64 KiB of them is a sixteenth of what a CRQ may have. */
test.each(["a**b", "*a **b ", "[", "![", "[a](", "x <!-- ", "x <? ", "x <![CDATA[ ", "[a][", "`a``", "~~a ~b "])(
  "64 KiB of %j are refused",
  (piece) => {
    const source = `# CRQ-001: Marks\n\n${piece.repeat(Math.ceil(65_536 / piece.length))}${"]".repeat(25)}`;
    expect(parseCrq("crqs/x.md", source).problems[0]).toMatchObject({ rule: "structure/unreadable", line: 1, column: 1 });
  },
);

test("a long document of ordinary paragraphs, lists and tables is read", () => {
  const paragraph = "A sentence with `code`, **strong** and *emphasis*, a [link](https://example.org/x_y) and 1 < 2. ".repeat(8);
  const list = "-   **Part**: `a.nix` and `b.nix` (see [x](y)).\n".repeat(12);
  const table = `| a | b |\n|---|---|\n${"| `x` | **y** |\n".repeat(12)}`;
  const source = `# CRQ-001: Long\n\n${`${paragraph}\n\n${list}\n${table}\n\n`.repeat(25)}`;
  expect(parseCrq("crqs/x.md", source).problems.map(({ rule }) => rule)).toEqual(["meta/missing-block"]);
});
