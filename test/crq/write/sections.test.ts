import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCrq } from "../../../src/crq/parse.ts";
import { appendHistory, appendQuestion } from "../../../src/crq/write/sections.ts";
import { EXAMPLE, EXAMPLE_PATH } from "../fixtures/example.ts";

const crq = (source: string) => parseCrq(EXAMPLE_PATH, source);

describe("appendHistory", () => {
  test("makes the section at the end, then adds to it", () => {
    const once = appendHistory(crq(EXAMPLE), "2026-11-21", "approved by\n human:Ada");
    expect(once).toEqual({ source: `${EXAMPLE}## 11. History\n-   2026-11-21: approved by human:Ada\n` });
    expect("source" in once && appendHistory(crq(once.source), "2026-11-22", "closed")).toEqual({
      source: `${EXAMPLE}## 11. History\n-   2026-11-21: approved by human:Ada\n-   2026-11-22: closed\n`,
    });
  });

  test("stands before the imported text", () => {
    const source = `${EXAMPLE}\n## 12. Imported Text\n`;
    expect(appendHistory(crq(source), "2026-11-21", "x")).toEqual({
      source: `${EXAMPLE}\n## 11. History\n-   2026-11-21: x\n## 12. Imported Text\n`,
    });
  });

  test("has blank lines around its heading where the document's first heading has one before it", () => {
    const source = EXAMPLE.replace("\n## 1. Overview", "\n\n## 1. Overview");
    expect(appendHistory(crq(source), "2026-11-21", "x")).toEqual({ source: `${source}\n## 11. History\n\n-   2026-11-21: x\n` });
  });

  test("keeps CRLF and a missing final newline", () => {
    const source = EXAMPLE.trimEnd().replaceAll("\n", "\r\n");
    expect(appendHistory(crq(source), "2026-11-21", "x")).toEqual({
      source: `${source}\r\n## 11. History\r\n-   2026-11-21: x\r\n`,
    });
    expect(appendHistory(crq(`${source}\r\n## 11. History\r\n-   a`), "2026-11-21", "x")).toEqual({
      source: `${source}\r\n## 11. History\r\n-   a\r\n-   2026-11-21: x`,
    });
  });

  test("an open fence at the end is a problem: the line would be inside it", () => {
    expect(appendHistory(crq(`${EXAMPLE}\n\`\`\`\n`), "2026-11-21", "x")).toEqual({
      problem: `${EXAMPLE_PATH}: a line could not be added to section "History"; run \`crq-agent lint\` and repair what it finds`,
    });
  });
});

describe("appendQuestion", () => {
  test("takes the next number and is unanswered", () => {
    const source = `${EXAMPLE}## 9. Open Questions\n-   **Q-2**: Why?\n    Answer: because.\n\n## 11. History\n-   x\n`;
    expect(appendQuestion(crq(source), "Which\nfile?\nAnswer: mine")).toEqual({
      id: "Q-3",
      source: `${EXAMPLE}## 9. Open Questions\n-   **Q-2**: Why?\n    Answer: because.\n-   **Q-3**: Which file? Answer: mine\n\n## 11. History\n-   x\n`,
    });
  });

  test("any text becomes one open question and leaves every other byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const written = appendQuestion(crq(EXAMPLE), text);
        if ("problem" in written) throw new Error(written.problem);
        expect(written.source.startsWith(EXAMPLE)).toBe(true);
        const after = crq(written.source);
        expect(after.questions.map(({ id, answer }) => [id, answer])).toEqual([["Q-1", undefined]]);
        expect({ ...after, source: "", questions: [], sections: [] }).toEqual({
          ...crq(EXAMPLE),
          source: "",
          questions: [],
          sections: [],
        });
      }),
      { numRuns: 40 },
    );
  });
});
