import { describe, expect, test } from "vitest";
import type { Coverage } from "../../../../src/crq/lint/folder/coverage.ts";
import { toSarif } from "../../../../src/crq/lint/formats/sarif.ts";
import { formatText } from "../../../../src/crq/lint/formats/text.ts";
import { RULES } from "../../../../src/crq/lint/rules/all.ts";
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
const COVERAGE: Coverage = {
  documents: 1,
  rules: 55,
  unchecked: [
    { rule: "nix/snippet-does-not-parse", why: "no Nix" },
    { rule: "nix/off-policy-input", why: "no policy" },
  ],
};

describe("formatText", () => {
  test("findings, what was looked at, the totals, what was not checked", () => {
    expect(formatText(DIAGNOSTICS, COVERAGE)).toBe(
      `${FILE}:2:1 error meta/unknown-key unknown key \`a\` (--fix)
${FILE}:3:4 info acceptance/weak-word weak
1 document, 55 rules: 1 error, 1 remark
not checked: nix/snippet-does-not-parse (no Nix); nix/off-policy-input (no policy)
`,
    );
    expect(formatText([], { documents: 3, rules: 57, unchecked: [] })).toBe("3 documents, 57 rules: no findings\n");
  });

  test("without coverage the findings alone, and nothing where there are none", () => {
    expect(formatText(DIAGNOSTICS.slice(1))).toBe(`${FILE}:3:4 info acceptance/weak-word weak\n`);
    expect(formatText([])).toBe("");
  });
});

describe("toSarif", () => {
  const log = toSarif({
    diagnostics: DIAGNOSTICS,
    version: "0.1.0",
    profile: "standard",
    sources: new Map([[FILE, "abcd\na = 1\n"]]),
    coverage: COVERAGE,
  });
  const [run] = log.runs;
  const ruleIndex = (name: string) => RULES.findIndex((rule) => rule.name === name);

  test("all rules with their level in the profile, so that clean can be told from never checked", () => {
    expect(log.version).toBe("2.1.0");
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ name }) => name));
    expect(run?.tool.driver.rules[ruleIndex("acceptance/weak-word")]).toEqual({
      id: "acceptance/weak-word",
      name: "AcceptanceWeakWord",
      shortDescription: { text: "A criterion uses a word that cannot be measured." },
      fullDescription: { text: expect.stringContaining("Say what is seen") },
      help: { text: expect.stringMatching(/^acceptance\/weak-word: .*Ignore one finding: /s) },
      defaultConfiguration: { enabled: true, level: "warning" },
      properties: { tags: ["acceptance"] },
    });
    const off = toSarif({ diagnostics: [], version: "0.1.0", profile: "import", sources: new Map() }).runs[0]?.tool.driver.rules;
    expect(off?.[ruleIndex("nix/system-missing")]?.defaultConfiguration).toEqual({ enabled: false, level: "none" });
    expect(run?.invocations).toEqual([
      {
        executionSuccessful: true,
        toolConfigurationNotifications: [
          {
            level: "note",
            message: { text: "nix/snippet-does-not-parse was not checked: no Nix" },
            associatedRule: { id: "nix/snippet-does-not-parse", index: ruleIndex("nix/snippet-does-not-parse") },
          },
          {
            level: "note",
            message: { text: "nix/off-policy-input was not checked: no policy" },
            associatedRule: { id: "nix/off-policy-input", index: ruleIndex("nix/off-policy-input") },
          },
        ],
      },
    ]);
  });

  test("results, places and fixes, with addresses relative to the repository", () => {
    const artifactLocation = { uri: "crqs/CRQ-001%20%C3%A4.md" };
    expect(run?.artifacts).toEqual([{ location: artifactLocation, mimeType: "text/markdown" }]);
    expect(run?.results).toEqual([
      {
        ruleId: "meta/unknown-key",
        ruleIndex: ruleIndex("meta/unknown-key"),
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
        ruleIndex: ruleIndex("acceptance/weak-word"),
        level: "note",
        message: { text: "weak" },
        locations: [{ physicalLocation: { artifactLocation, region: { startLine: 3, startColumn: 4 } } }],
      },
    ]);
  });
});
