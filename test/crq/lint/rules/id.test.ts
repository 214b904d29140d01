import { describe, expect, test } from "vitest";
import type { LintContext } from "../../../../src/crq/lint/rule.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "../../fixtures/example.ts";
import { CONTEXT, catalogueOf, findings } from "../context.ts";

const named =
  (path: string, source = EXAMPLE, context: LintContext = CONTEXT) =>
  (rule: string) =>
    findings(rule, source, "strict", context, path);

test("id/duplicate is found in the directory, whatever the number of zeros", () => {
  const catalogue = catalogueOf({
    "CRQ-001-nixify-greet.md": EXAMPLE,
    "crq_0001_old.md": "# Old\n",
    "CRQ-002-x.md": "# CRQ-002: Other\n",
  });
  expect(named(EXAMPLE_PATH, EXAMPLE, { ...CONTEXT, catalogue })("id/duplicate")).toEqual([
    "5:1 error CRQ-001 is also the id of crqs/crq_0001_old.md; renumber one of them with `crq-agent index --renumber FILE`",
  ]);
  expect(named("crqs/crq_0001_old.md", "# Old\n", { ...CONTEXT, catalogue })("id/duplicate")).toEqual([
    "1:1 error CRQ-001 is also the id of crqs/CRQ-001-nixify-greet.md; renumber one of them with `crq-agent index --renumber FILE`",
  ]);
});

describe("id/mismatch", () => {
  test.each<[string, string, string, string[]]>([
    [
      "block and H1",
      EXAMPLE_PATH,
      exampleWith(['id = "CRQ-001"', 'id = "CRQ-002"']),
      [
        "5:1 error the block says CRQ-002, the H1 CRQ-001",
        "5:1 error the document says CRQ-002, the file name CRQ-001",
        "11:1 error the block says CRQ-002, its branch CRQ-001",
      ],
    ],
    ["the file name", "crqs/CRQ-007-x.md", EXAMPLE, ["5:1 error the document says CRQ-001, the file name CRQ-007"]],
    ["zeros do not differ", "crqs/crq_1_x.md", EXAMPLE, []],
    [
      "the title",
      EXAMPLE_PATH,
      exampleWith(["# CRQ-001: Nixification of the greet", "# CRQ-001: Nixification of the old"]),
      [
        '6:1 error the block\'s title is "Nixification of the greet Rust project", the H1\'s "Nixification of the old Rust project"',
      ],
    ],
    [
      "marks in the title do not differ",
      EXAMPLE_PATH,
      exampleWith(["# CRQ-001: Nixification of the greet", "# CRQ-001: Nixification of the `greet`"]),
      [],
    ],
  ])("%s", (_, path, source, expected) => {
    expect(named(path, source)("id/mismatch")).toEqual(expected);
  });
});

test("id/unnumbered from proposed on", () => {
  const source = exampleWith(['id = "CRQ-001"', 'id = "CRQ-XXX"']);
  expect(findings("id/unnumbered", source)).toEqual([
    '5:1 error CRQ-XXX at status "proposed"; allocate a number with `crq-agent index --renumber FILE`',
  ]);
  expect(findings("id/unnumbered", source.replace('"proposed"', '"draft"'))).toEqual([]);
  expect(findings("id/unnumbered", source.replace('"proposed"', '"withdrawn"'))).toEqual([]);
});

test("id/taken-on-other-ref: another title under the same number", () => {
  const otherRefs = [
    { ref: "origin/a", id: "CRQ-0001", title: "Something else" },
    { ref: "origin/a2", id: "CRQ-001", title: "Something else" },
    { ref: "origin/b", id: "CRQ-001", title: "Nixification of the `greet` Rust project" },
    { ref: "origin/c", id: "CRQ-002", title: "Third" },
  ];
  expect(named(EXAMPLE_PATH, EXAMPLE, { ...CONTEXT, otherRefs })("id/taken-on-other-ref")).toEqual([
    '5:1 error CRQ-001 is "Something else" on origin/a and 1 more; whichever is merged second needs another number: `crq-agent index --renumber FILE`',
  ]);
});

test("the number in a branch is the document's, but for one without number", () => {
  const other = exampleWith(["feature/CRQ-001-", "feature/CRQ-0001-"]);
  expect(findings("id/mismatch", other)).toEqual([]);
  expect(
    findings(
      "id/mismatch",
      exampleWith(['id = "CRQ-001"', 'id = "CRQ-XXX"'], ["# CRQ-001:", "# CRQ-XXX:"]),
      "strict",
      CONTEXT,
      "crqs/CRQ-XXX-greet.md",
    ),
  ).toEqual([]);
});

describe("id/file-name", () => {
  test.each<[string, string[]]>([
    ["crqs/CRQ-001-nixify-greet.md", []],
    ["crqs/crq_001_Nixify_It.md", ["1:1 error the file is named `crq_001_Nixify_It.md`; expected `CRQ-001-nixify-it.md` *"]],
    [
      "crqs/CRQ-001.md",
      ["1:1 error the file is named `CRQ-001.md`; expected `CRQ-001-nixification-of-the-greet-rust-project.md` *"],
    ],
    ["crqs/taken_crq_001.md", ["1:1 error the file is named `taken_crq_001.md`; expected `CRQ-001-taken-crq-001.md` *"]],
  ])("%s", (path, expected) => {
    expect(named(path)("id/file-name")).toEqual(expected);
  });

  test("no fix where the name is taken", () => {
    const catalogue = catalogueOf({ "CRQ-001-x-y.md": "# CRQ-001: Other\n" });
    expect(named("crqs/crq_001_x_y.md", EXAMPLE, { ...CONTEXT, catalogue })("id/file-name")).toEqual([
      "1:1 error the file is named `crq_001_x_y.md`; expected `CRQ-001-x-y.md`",
    ]);
  });
});
