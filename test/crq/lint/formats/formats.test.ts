import { describe, expect, test } from "vitest";
import { toSarif } from "../../../../src/crq/lint/formats/sarif.ts";
import { formatText } from "../../../../src/crq/lint/formats/text.ts";
import type { CrqDiagnostic } from "../../../../src/crq/model.ts";

const FILE = "crqs/CRQ-001 ä.md";
const DIAGNOSTICS: readonly CrqDiagnostic[] = [
  {
    severity: "error",
    rule: "meta/unknown-key",
    message: "unknown key `a`",
    file: FILE,
    line: 2,
    column: 1,
    fix: { description: "rename `a` to `b`", edits: [{ file: FILE, start: 5, end: 6, text: "b" }] },
  },
  { severity: "info", rule: "acceptance/weak-word", message: "weak", file: FILE, line: 3, column: 4 },
];

test("formatText", () => {
  expect(formatText(DIAGNOSTICS)).toBe(
    `${FILE}:2:1 error meta/unknown-key unknown key \`a\` (--fix)\n${FILE}:3:4 info acceptance/weak-word weak\n1 error, 1 remark\n`,
  );
  expect(formatText([])).toBe("no findings\n");
});

describe("toSarif", () => {
  test("rules, results, places and fixes", () => {
    const log = toSarif(DIAGNOSTICS, "0.1.0", "standard", new Map([[FILE, "abcd\na = 1\n"]]));
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run?.tool.driver.rules.map(({ id, defaultConfiguration }) => [id, defaultConfiguration.level])).toEqual([
      ["meta/unknown-key", "error"],
      ["acceptance/weak-word", "warning"],
    ]);
    const artifactLocation = { uri: "crqs/CRQ-001%20%C3%A4.md" };
    expect(run?.results).toEqual([
      {
        ruleId: "meta/unknown-key",
        ruleIndex: 0,
        level: "error",
        message: { text: "unknown key `a`" },
        locations: [{ physicalLocation: { artifactLocation, region: { startLine: 2, startColumn: 1 } } }],
        fixes: [
          {
            description: { text: "rename `a` to `b`" },
            artifactChanges: [
              {
                artifactLocation,
                replacements: [
                  { deletedRegion: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 2 }, insertedContent: { text: "b" } },
                ],
              },
            ],
          },
        ],
      },
      {
        ruleId: "acceptance/weak-word",
        ruleIndex: 1,
        level: "note",
        message: { text: "weak" },
        locations: [{ physicalLocation: { artifactLocation, region: { startLine: 3, startColumn: 4 } } }],
      },
    ]);
  });
});
