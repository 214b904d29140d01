import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entryOf } from "../../../src/crq/catalogue/catalogue.ts";
import { applyFixes } from "../../../src/crq/lint/fix.ts";
import type { Files } from "../../../src/crq/lint/folder/folder.ts";
import { lint } from "../../../src/crq/lint/lint.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith, exampleWithout } from "../fixtures/example.ts";
import { CHAT_LEFTOVERS } from "../fixtures/imitations.ts";
import { CONTEXT } from "./context.ts";

/** Lints all files with each other as the catalogue, as `lint` of a folder does. */
function lintAll(files: Files) {
  const entries = [...files].flatMap(([path, source]) => entryOf(path.replace("crqs/", ""), parseCrq(path, source)) ?? []);
  const catalogue = { folder: "crqs", entries, others: [], problems: [] };
  return [...files].flatMap(([path, source]) => lint(path, source, "strict", { ...CONTEXT, catalogue }));
}

const fix = (source: string, path = EXAMPLE_PATH) => applyFixes(new Map([[path, source]]), lintAll);
const fixed = (source: string) => fix(source).files.get(EXAMPLE_PATH);

describe("applyFixes", () => {
  test("a sound document is left alone", () => {
    expect(fix(EXAMPLE)).toEqual({ files: new Map([[EXAMPLE_PATH, EXAMPLE]]), renames: new Map(), applied: [], refused: [] });
  });

  test.each<[string, string, string]>([
    ["a misspelt key", exampleWith(["created = ", "craeted = "]), EXAMPLE],
    ["a misspelt status", exampleWith(['"proposed"', '"propsed"']), EXAMPLE],
    ["section numbers", exampleWith(["## 2. Motivation", "## Motivation"], ["### 4.2. Nix", "### 7. Nix"]), EXAMPLE],
    ["the heading's form", exampleWith(["# CRQ-001: ", "# CRQ 1 – "]), EXAMPLE],
    [
      "a command that Nix rejects",
      exampleWith(["Every machine should", "`nix flake check .#greet`: every machine should"]),
      exampleWith(["Every machine should", "`nix build .#checks.x86_64-linux.greet`: every machine should"]),
    ],
    [
      "an empty field of commits",
      exampleWith(["## 7. References\n", "## 7. References\n\n**Associated Commits:** none\n\n"]),
      exampleWith(["## 7. References\n", "## 7. References\n\n\n"]),
    ],
    [
      "a missing section becomes a gap that is still reported",
      exampleWithout("## 2. Motivation", "## 3. Scope"),
      exampleWithout("## 2. Motivation", "## 3. Scope").replace(
        "## 3. Scope",
        "## 2. Motivation\n<!-- crq-agent: this section is still to be written -->\n\n## 3. Scope",
      ),
    ],
  ])("%s", (_, source, expected) => {
    expect(fixed(source)).toBe(expected);
  });

  test("keeps CRLF", () => {
    const dos = (text: string) => text.replaceAll("\n", "\r\n");
    expect(fixed(dos(exampleWithout("```toml crq", "## 1. Overview")))).not.toMatch(/[^\r]\n/);
  });

  test("numbers criteria, adds a block, renames the file", () => {
    const { files, renames, applied } = fix(CHAT_LEFTOVERS, "crqs/crq_012_Tides.md");
    expect(applied.map(({ rule }) => rule)).toEqual([
      "meta/missing-block",
      "id/file-name",
      "acceptance/criterion-without-id",
      "acceptance/criterion-without-id",
      "acceptance/criterion-without-id",
    ]);
    expect(renames).toEqual(new Map([["crqs/crq_012_Tides.md", "crqs/CRQ-012-tides.md"]]));
    const crq = parseCrq("crqs/CRQ-012-tides.md", files.get("crqs/CRQ-012-tides.md") ?? "");
    expect(crq.criteria.map(({ id, text }) => `${id} ${text}`)).toEqual([
      "AC-1 The recipe successfully builds using `nix build .#<package-name>`.",
      "AC-2 A `devShell` is available and functional (`nix develop`).",
      "AC-3 The lock is up to date.",
    ]);
    expect(crq.metadata).toEqual({
      schema: "crq/1",
      id: "CRQ-012",
      title: "Packaging the tide tables with Nix",
      status: "draft",
      kind: "nixify",
      created: "2026-11-21",
      authors: ["human:Ada"],
      target: { repo: ".", base: "5f0c1d7e", systems: ["x86_64-linux"] },
      waivers: [],
    });
  });

  test("an empty file becomes a skeleton", () => {
    const { files } = fix("");
    expect(
      files
        .get(EXAMPLE_PATH)
        ?.split("\n")
        .filter((line) => /^#|^id|^status/.test(line)),
    ).toEqual([
      "# CRQ-001: Nixify greet",
      'id = "CRQ-001"',
      'status = "draft"',
      "## 1. Overview",
      "## 2. Motivation",
      "## 3. Scope",
      "### 3.1. In Scope",
      "### 3.2. Out of Scope",
      "## 4. Technical Details",
      "## 5. Acceptance Criteria",
      "## 6. Implementation Plan",
      "## 7. References",
    ]);
  });

  test("writes the missing side of a supersede link into the other document", () => {
    const second = EXAMPLE.replaceAll("CRQ-001", "CRQ-002").replace('authors = ["', 'supersedes = ["CRQ-001"]\nauthors = ["');
    const { files, applied } = applyFixes(
      new Map([
        [EXAMPLE_PATH, EXAMPLE],
        ["crqs/CRQ-002-second.md", second],
      ]),
      lintAll,
    );
    expect(applied).toEqual([
      {
        rule: "grounding/broken-relation",
        file: "crqs/CRQ-002-second.md",
        description: `add CRQ-002 to \`superseded-by\` of ${EXAMPLE_PATH}`,
      },
    ]);
    expect(files.get(EXAMPLE_PATH)).toBe(
      exampleWith(['"aarch64-linux"] }\n', '"aarch64-linux"] }\nsuperseded-by = ["CRQ-002"]\n']),
    );
  });

  test("a fix that would make another rule worse is left out and named", () => {
    // The state that was probably meant needs a branch, which the document does not have.
    const source = exampleWith(['"proposed"', '"propsed"'], ['branch = "feature/CRQ-001-nixify-greet"\n', ""]);
    const result = fix(source);
    expect(result.files.get(EXAMPLE_PATH)).toBe(source);
    expect(result.refused.map(({ rule }) => rule)).toEqual(["meta/status"]);
  });

  test("on any damaged document: no rule is worse off, and a second run changes nothing", () => {
    const line = fc.nat(EXAMPLE.split("\n").length - 1);
    const damage = fc.oneof(
      fc.record({ kind: fc.constant("drop" as const), line }),
      fc.record({ kind: fc.constant("double" as const), line }),
      fc.record({ kind: fc.constant("swap" as const), line }),
      fc.record({ kind: fc.constant("cut" as const), line }),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), fc.boolean(), (damages, crlf) => {
        const lines = EXAMPLE.split("\n");
        for (const { kind, line: at } of damages) {
          const text = lines[at] ?? "";
          if (kind === "drop") lines.splice(at, 1);
          else if (kind === "double") lines.splice(at, 0, text);
          else if (kind === "swap") lines.splice(at, 2, lines[at + 1] ?? "", text);
          else lines[at] = text.slice(0, text.length / 2);
        }
        const source = lines.join(crlf ? "\r\n" : "\n");
        const count = (files: Files) => {
          const result = new Map<string, number>();
          for (const { rule } of lintAll(files)) result.set(rule, (result.get(rule) ?? 0) + 1);
          return result;
        };
        const before = count(new Map([[EXAMPLE_PATH, source]]));
        const once = fix(source);
        for (const [rule, number] of count(once.files)) expect(number, rule).toBeLessThanOrEqual(before.get(rule) ?? 0);
        expect(applyFixes(once.files, lintAll).files).toEqual(once.files);
      }),
      { numRuns: 40 },
    );
  });
});
