import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { approvalParts } from "../../../src/commands/change/approval/accept-parts.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { answerQuestion } from "../../../src/crq/write/answers.ts";
import { shownText } from "../../../src/ui/shown-text.ts";
import { crqText } from "../../program/samples.ts";

describe("the parts of an approval", () => {
  const crq = parseCrq("crqs/CRQ-001-x.md", crqText());

  it("are scope and each criterion, and leave no line of what is hashed unseen", () => {
    const parts = approvalParts(crq);
    expect(parts.map(({ title }) => title)).toEqual([
      "Scope and what is not meant",
      ...crq.criteria.map(({ id }, at) => `${id} (${at + 1} of ${crq.criteria.length})`),
    ]);
    const bodies = crq.sections
      .filter(({ name }) => name === "Scope" || name === "Acceptance Criteria")
      .map(({ body }) => crq.source.slice(body.start, body.end))
      .join("\n");
    const lines = (text: string): readonly string[] =>
      text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    expect(lines(parts.map(({ text }) => text).join("\n"))).toEqual(lines(bodies));
  });
});

describe("a text that a person is asked about", () => {
  it("hides nothing: neither a title, a link or a string without an end, nor letters that no font shows", () => {
    expect(shownText("a\u001b]0;one\u0007\u001b]8;;two\u001b\\b\u001b]three\nfour\u{e0041}\u200b")).toBe(
      "a<U+001B>]0;one<U+0007><U+001B>]8;;two<U+001B>\\b<U+001B>]three\nfour<U+E0041><U+200B>",
    );
  });

  it("cannot repaint the screen, ring, or turn its words around", () => {
    expect(shownText("fine\u001b[2J\u001b[H\u001b]0;title\u0007 \u202eevil\u202c \u0008\u0008x\rApproved")).toBe(
      "fine<U+001B>[2J<U+001B>[H<U+001B>]0;title<U+0007> <U+202E>evil<U+202C> <U+0008><U+0008>x<U+000D>Approved",
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(shownText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe("an answer to an open question", () => {
  const asking = (items: string): string => `${crqText().trimEnd()}\n\n## 9. Open Questions\n\n${items}\n`;

  it("is written below its question, and no other question changes", () => {
    const crq = parseCrq("x.md", asking("-   **Q-1**: Which?\n-   **Q-2**: When?\n    Answer:\n"));
    const first = answerQuestion(crq, "Q-1", "The\nsecond one");
    if ("problem" in first) throw new Error(first.problem);
    const both = answerQuestion(parseCrq("x.md", first.source), "Q-2", "Now");
    if ("problem" in both) throw new Error(both.problem);
    expect(both.source).toContain("-   **Q-1**: Which?\n    Answer: The second one\n-   **Q-2**: When?\n    Answer: Now\n");
  });

  it("is either read back as it was given, or not written", () => {
    const crq = parseCrq("x.md", asking("-   **Q-1**: Which?\n-   **Q-2**: When?\n"));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const written = answerQuestion(crq, "Q-1", text);
        if ("problem" in written) return;
        const read = parseCrq("x.md", written.source);
        expect(read.questions.map(({ id, answer }) => [id, answer])).toEqual([
          ["Q-1", text.replace(/\s+/gu, " ").trim()],
          ["Q-2", undefined],
        ]);
      }),
      { numRuns: 30 },
    );
  });
});
