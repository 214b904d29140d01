import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatId, numbersIn, readFileName, slugOf } from "../../src/crq/ids.ts";

describe("numbersIn", () => {
  test.each<[string, number[], string[]]>([
    ["CRQ-016-nixify.md", [16], []],
    ["crq_001_x.md", [1], []],
    ["crq-0001-x.md", [1], []],
    ["origin/feature/CRQ-123-x", [123], []],
    ["CRQ-042: Title after CRQ 7", [42, 7], []],
    ["CRQ-20261120-x.md", [], ["date"]],
    ["crq_2026-11-20_x.md", [], ["date"]],
    ["CRQ-2026-13-20.md", [2026], []],
    [`CRQ-${"7".repeat(54)}.md`, [], ["too long"]],
    ["CRQ-XXX-x.md", [], []],
    ["acrq-5", [], []],
  ])("%s", (name, numbers, ignored) => {
    expect(numbersIn(name)).toEqual({ numbers, ignored });
  });
});

describe("readFileName", () => {
  test.each([
    ["CRQ-016-nixify-greet.md", { form: "standard", id: "CRQ-016", slug: "nixify-greet" }],
    ["CRQ-0016-nixify.md", { form: "numbered", id: "CRQ-016", slug: "nixify" }],
    ["crq_001_x.md", { form: "numbered", id: "CRQ-001", slug: "x" }],
    ["CRQ_016_X.md", { form: "numbered", id: "CRQ-016", slug: "X" }],
    ["CRQ-016.md", { form: "numbered", id: "CRQ-016", slug: undefined }],
    ["CRQ-XXX-later.md", { form: "standard", id: "CRQ-XXX", slug: "later" }],
    ["crq_xxx.md", { form: "unnumbered", id: "CRQ-XXX", slug: undefined }],
    ["CRQ-20261120-x.md", { form: "dated", id: undefined, slug: "CRQ-20261120-x" }],
    ["crq_2026-11-20.md", { form: "dated", id: undefined, slug: "crq_2026-11-20" }],
    ["naersk_crq.md", { form: "named", id: undefined, slug: "naersk_crq" }],
    ["README.md", undefined],
    ["CRQ-016.txt", undefined],
  ])("%s", (name, expected) => {
    expect(readFileName(name)).toEqual(expected);
  });
});

describe("slugOf", () => {
  test.each([
    ["Nixification of the `greet` Rust project", "nixification-of-the-greet-rust-project"],
    ["Überprüfung: für Łódź", "uberprufung-fur-odz"],
    ["日本", "change"],
    ["C", "change-c"],
    ["a ".repeat(80), Array.from({ length: 30 }, () => "a").join("-")],
    ["x".repeat(99), "x".repeat(60)],
  ])("%s", (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  test("always gives a standard file name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 9_999_999 }), (title, number) => {
        expect(readFileName(`${formatId(number)}-${slugOf(title)}.md`)).toEqual({
          form: "standard",
          id: formatId(number),
          slug: slugOf(title),
        });
      }),
    );
  });
});
