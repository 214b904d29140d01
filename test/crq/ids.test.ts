import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatId, nextNumber, numberOf, numbersIn, readFileName, refsIn, slugOf } from "../../src/crq/ids.ts";

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

test("refsIn reads branches of flake URLs in either order of parameters", () => {
  expect(refsIn('a = "github:o/r?ref=feature/CRQ-016-nixify"; b = "github:o/r?dir=x&ref=feature%2FCRQ-9"; # CRQ-77')).toEqual([
    "CRQ-016",
    "CRQ-9",
  ]);
});

describe("nextNumber", () => {
  test("is one more than the highest of all sources", () => {
    expect(
      nextNumber([
        { origin: "file", names: ["CRQ-009-a.md", "crq_010_b.md", "notes.md"] },
        { origin: "branch", names: ["main", "origin/feature/CRQ-011-c", "feature/crq-0008"] },
        { origin: "tree", names: ["CRQ-20261120.md"] },
        { origin: "flake", names: ['inputs.x.url = "github:o/r?ref=feature/CRQ-016-nixify";'] },
      ]),
    ).toEqual({
      number: 17,
      id: "CRQ-017",
      taken: [8, 9, 10, 11, 16],
      ignored: [{ origin: "tree", name: "CRQ-20261120.md", why: "date" }],
    });
  });

  test("starts at 1, and says when no number is left", () => {
    expect(nextNumber([])).toEqual({ number: 1, id: "CRQ-001", taken: [], ignored: [] });
    expect(nextNumber([{ origin: "tag", names: ["CRQ-9999999"] }])).toBe(
      "CRQ-9999999 is in use, so no number of 7 digits is left; give one with --id",
    );
  });

  test("is in no name, and greater than every number", () => {
    const name = fc
      .tuple(
        fc.constantFrom("CRQ-", "crq_", "Crq ", "feature/CRQ-"),
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 0, max: 3 }),
        fc.string(),
      )
      .map(([prefix, number, zeros, rest]) => ({ number, text: `${prefix}${"0".repeat(Math.min(zeros, 1))}${number}-x${rest}` }));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (names) => {
        const next = nextNumber([{ origin: "file", names: names.map(({ text }) => text) }]);
        if (typeof next === "string") throw new Error(next);
        expect(next.number).toBeGreaterThan(Math.max(...names.map(({ number }) => number)));
        expect(next.taken).not.toContain(next.number);
        expect(numberOf(next.id)).toBe(next.number);
      }),
    );
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
