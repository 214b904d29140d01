import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numberOf } from "../../src/crq/ids.ts";
import { describeIgnored, describeMention, flakeBranches, type Mention, nextNumber } from "../../src/crq/numbering.ts";

test("flakeBranches reads every form in which a flake or its lock names a branch", () => {
  expect(
    flakeBranches(`{
  a.url = "github:o/r?ref=feature/CRQ-016-nixify";
  b.url = "github:o/r?dir=x&ref=feature%2FCRQ-9";
  c = { type = "github"; owner = "o"; repo = "r"; ref = "feature/CRQ-0012-attributes"; };
  d.url = "github:o/r/feature/CRQ-013-in-the-path";
  e.url = "git+https://example.org/r?ref=refs/heads/feature/crq_14_x";
  # CRQ-77, refeature/CRQ-78
  locked = { "original": { "ref": "feature/CRQ-20261120-date" } };
}`),
  ).toEqual([
    "feature/CRQ-016-nixify",
    "feature/CRQ-9",
    "feature/CRQ-0012-attributes",
    "feature/CRQ-013-in-the-path",
    "feature/crq_14_x",
    "feature/CRQ-20261120-date",
  ]);
});

describe("nextNumber", () => {
  test("is one more than the highest of all sources; leading zeros are no octal numbers", () => {
    const names: Mention[] = [
      { origin: "file", name: "CRQ-009-a.md" },
      { origin: "file", name: "crq_010_b.md" },
      { origin: "file", name: "notes.md" },
      { origin: "branch", name: "origin/feature/CRQ-0017-c" },
      { origin: "branch", name: "feature/crq-0008" },
      { origin: "ref", name: "refs/pull/3/CRQ-011" },
      { origin: "tree", name: "CRQ-20261120.md", where: "on main" },
      { origin: "branch", name: "feature/CRQ-9-again" },
    ];
    const next = nextNumber(names);
    expect(next).toEqual({
      number: 18,
      id: "CRQ-018",
      taken: new Map([
        [9, names[0]],
        [10, names[1]],
        [17, names[3]],
        [8, names[4]],
        [11, names[5]],
      ]),
      ignored: [{ mention: names[6], why: "date" }],
    });
  });

  test("starts at 1, and says when no number is left", () => {
    expect(nextNumber([])).toEqual({ number: 1, id: "CRQ-001", taken: new Map(), ignored: [] });
    expect(nextNumber([{ origin: "tag", name: "CRQ-9999999" }])).toBe(
      "CRQ-9999999 is in use (tag CRQ-9999999), so no number of 7 digits is left; give one with --id",
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
        const next = nextNumber(names.map(({ text }) => ({ origin: "file", name: text })));
        if (typeof next === "string") throw new Error(next);
        expect(next.number).toBeGreaterThan(Math.max(...names.map(({ number }) => number)));
        expect(next.taken.has(next.number)).toBe(false);
        expect(numberOf(next.id)).toBe(next.number);
      }),
    );
  });
});

test("mentions and ignored digits are said in words, a long list shortened", () => {
  expect(
    [
      { origin: "branch", name: "feature/CRQ-1" },
      { origin: "tree", name: "CRQ-002-x.md", where: "on origin/a" },
      { origin: "document", name: "CRQ-003", where: "crqs/old.md" },
      { origin: "flake", name: "feature/CRQ-004-x", where: "flake.nix" },
    ].map((mention) => describeMention(mention as Mention)),
  ).toEqual(["branch feature/CRQ-1", "CRQ-002-x.md on origin/a", "crqs/old.md", "feature/CRQ-004-x in flake.nix"]);
  expect(describeIgnored([])).toBeUndefined();
  const dates = Array.from({ length: 7 }, (_, day) => ({
    mention: { origin: "file", name: `CRQ-2026110${day}.md` } as const,
    why: "date" as const,
  }));
  expect(describeIgnored(dates, 2)).toBe(
    "not taken for CRQ numbers: CRQ-20261100.md (a date), CRQ-20261101.md (a date) and 5 more",
  );
});
