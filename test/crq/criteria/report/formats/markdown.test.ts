import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { describe, expect, test } from "vitest";
import { markdownText } from "../../../../../src/crq/criteria/judge/markdown-text.ts";
import { markdownOf } from "../../../../../src/crq/criteria/report/formats/markdown.ts";
import { doneReport, sampleReport } from "../sample-report.ts";

describe("report.md", () => {
  test("says for each criterion whether it was checked and clean or never checked", () => {
    const markdown = markdownOf(sampleReport(), "beside");
    expect(markdown.split("\n").filter((line) => line.startsWith("| AC-") || line.startsWith("### "))).toEqual([
      "| AC-1 | pass (build) | checked and clean | fail |",
      "| AC-2 | fail (build) | checked, does not hold | skipped |",
      "| AC-3 | waived (build) | waived by a person | skipped |",
      "| AC-4 | unavailable (build) | never checked | skipped |",
      "| AC-5 | vacuous (build) | checked, but the check proves nothing | skipped |",
      "| AC-6 | manual (build) | never checked: a person has to answer | skipped |",
      "| AC-7 | skipped (build) | never checked | skipped |",
      "### AC-1: checked and clean",
      "### AC-2: checked, does not hold",
      "### AC-3: waived by a person",
      "### AC-4: never checked",
      "### AC-5: checked, but the check proves nothing",
      "### AC-6: never checked: a person has to answer",
      "### AC-7: never checked",
    ]);
    expect(markdown).toContain("**Not done**: 1 of 7 criteria pass; 3 were never checked.");
    expect(markdown).toContain("- **unsafe**: programs that the change built may have run without confinement");
    expect(markdown).toContain("- `src/main.rs`");
    expect(markdown).toContain("\n`nix build .#greet` succeeds and the program prints its version.\n");
    expect(markdown).toContain("- crq-agent@0.1.0, Nix 2.26.3, x86\\_64-linux, inputs: small sha256:00");
  });

  test("says done when it is done", () => {
    expect(markdownOf(doneReport(), "beside")).toContain("**Done**: all 3 criteria hold (1 waived).");
  });

  test("names what was built, changed and committed, and what nobody looked at", () => {
    const markdown = markdownOf(sampleReport(), "beside");
    expect(markdown).toContain("Plan: step 1. Files: `flake.nix`. Commits: `1234567`.");
    expect(markdown).toContain(`- built \`/nix/store/${"0".repeat(32)}-greet-1.0\`, NAR sha256 \`${"2".repeat(64)}\``);
    expect(markdown).toContain("- not looked at, since git does not know it: `notes.txt`");
    expect(markdown).toContain("- the files are in no commit yet");
  });

  test("links logs where they lie beside it, and names them by their hash where they do not", () => {
    const links = (markdown: string): readonly string[] => markdown.match(/\]\(logs\/[^)]*\)/gu) ?? [];
    expect(links(markdownOf(sampleReport(), "beside"))).toHaveLength(9);
    expect(links(markdownOf(sampleReport(), "elsewhere"))).toEqual([]);
    expect(markdownOf(sampleReport(), "elsewhere")).toContain("log sha256 `000000000000`");
  });

  test.each([
    "# Done",
    "- AC-9: pass",
    "1. pass",
    "```\n# Done\n```",
    "| AC-9 | pass |",
    "> quoted",
    "~~~",
    "===",
    "<h1>Done</h1>",
  ])("a criterion that reads %j starts no block", (text) => {
    const blocks = (markdown: string): string[] =>
      unified()
        .use(remarkParse)
        .use(remarkGfm)
        .parse(markdown)
        .children.map((node) => node.type);
    const report = sampleReport();
    const changed = markdownOf({ ...report, criteria: report.criteria.map((one) => ({ ...one, text })) }, "beside");
    expect(blocks(changed)).toEqual(blocks(markdownOf(report, "beside")));
    expect(blocks(changed)).not.toContain("html");
  });

  test("text of programs cannot become a heading, a table cell or markup", () => {
    const hostile = "boom\n# Done\n| AC-9 | pass |\n**all pass** <b>x</b> [link](y) `code`";
    const report = sampleReport();
    const criteria = report.criteria.map((one) => ({
      ...one,
      text: hostile,
      checks: one.checks.map((check) => ({ ...check, reason: hostile, argv: ["x", "a`b``c|d\n# e"] })),
    }));
    const markdown = markdownOf({ ...report, criteria, unrequested: ["a`|b\n# c"] }, "beside");
    expect(markdownText(markdown).headings).toEqual(markdownText(markdownOf(report, "beside")).headings);
    expect(markdown.split("\n").filter((line) => line.startsWith("| AC-")).length).toBe(7);
  });
});
