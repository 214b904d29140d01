// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import type { Metadata } from "../../../src/crq/model.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { type CheckInput, renderCheckBlock, renderFacts, renderMetadata } from "../../../src/crq/render/blocks.ts";
import { tomlLine } from "../../../src/crq/render/toml.ts";
import { EXAMPLE, EXAMPLE_PATH } from "../fixtures/example.ts";

describe("renderMetadata", () => {
  const crq = parseCrq(EXAMPLE_PATH, EXAMPLE);

  test("the example's metadata are written as they stand there", () => {
    expect(crq.metadata && renderMetadata(crq.metadata)).toBe(EXAMPLE.slice(crq.metadataRange?.start, crq.metadataRange?.end));
  });

  test("every key reads back", () => {
    const metadata: Metadata = {
      schema: "crq/1",
      id: "CRQ-007",
      title: 'A "quoted" title \\ with `marks`',
      status: "closed",
      kind: "nixify",
      created: "2026-11-20",
      authors: ["human:Ada Łovelace"],
      branch: "feature/CRQ-007-x",
      target: { repo: ".", base: "5f0c1d7e", systems: ["x86_64-linux"] },
      dependsOn: ["CRQ-001"],
      related: ["CRQ-002"],
      supersedes: ["CRQ-003"],
      supersededBy: ["CRQ-004"],
      approval: { by: "human:Ada", at: "2026-11-21T09:00:00.000Z", via: "prompt", hash: `sha256:${"a".repeat(64)}` },
      evidence: { report: "crqs/reports/CRQ-007/report.json", sha256: "b".repeat(64), tree: "c".repeat(40) },
      imported: { path: "old.md", sha256: "d".repeat(64), family: "seed", statusWord: "Open" },
      waivers: [
        { ac: "AC-1", reason: "r", by: "human:Ada", until: "2027-01-01" },
        { weakening: "doCheck", reason: "s", by: "human:Ada", until: "2027-01-02" },
      ],
    };
    const parsed = parseCrq("x.md", `# CRQ-007: T\n\n${renderMetadata(metadata)}\n`);
    expect(parsed.problems).toEqual([]);
    expect(parsed.metadata).toEqual(metadata);
  });
});

describe("renderCheckBlock", () => {
  test("the example's blocks are written as they stand there", () => {
    const crq = parseCrq(EXAMPLE_PATH, EXAMPLE);
    for (const criterion of crq.criteria) expect(EXAMPLE).toContain(`\n${renderCheckBlock(criterion.id, criterion.checks)}\n`);
  });

  test("an alternative, a script of several lines and a text with backticks survive the list item", () => {
    const checks: CheckInput[] = [
      { kind: "command", script: "set -x\n\nprintf \"%s\\n\" 'a'\n```\n", why: "no typed kind", stdout: { contains: "a" } },
      { kind: "run", argv: ["x", "'", '"', "\\", "\u0001\t"], stdout: { regex: "^a'b\\d" }, regression: true },
    ];
    const block = renderCheckBlock("AC-1", checks, "any");
    const { criteria, problems } = parseCrq("x.md", `# CRQ-001: T\n## 5. Acceptance Criteria\n-   **AC-1**: text\n${block}\n`);
    expect(problems.map(({ rule }) => rule)).toEqual(["meta/missing-block"]);
    expect(criteria[0]?.need).toBe("any");
    expect(criteria[0]?.checks).toMatchObject(checks);
  });
});

test("renderFacts writes the example's block", () => {
  expect(EXAMPLE).toContain(`\n${renderFacts(parseCrq(EXAMPLE_PATH, EXAMPLE).facts)}\n`);
});

test("tomlLine: whatever is written reads back equal", () => {
  const leaf = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("node"), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 6 }), tie("node"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).node;
  fc.assert(
    fc.property(value, (given) => {
      expect(parse(tomlLine("key", given))).toEqual({ key: given });
    }),
    { numRuns: 300 },
  );
});
