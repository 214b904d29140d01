import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Metadata } from "../../../src/crq/model.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { type MetadataChange, setMetadata } from "../../../src/crq/write/metadata.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "../fixtures/example.ts";

const HASH = `sha256:${"a".repeat(64)}`;
const APPROVAL = { by: "human:Ada", at: "2026-11-21T09:00:00Z", via: "prompt", hash: HASH } as const;

function set(source: string, change: MetadataChange): string {
  const written = setMetadata(parseCrq(EXAMPLE_PATH, source), change);
  if ("problem" in written) throw new Error(written.problem);
  return written.source;
}

describe("setMetadata", () => {
  test("replaces a value and keeps the comment behind it", () => {
    const commented = exampleWith(['status = "proposed"', 'status   =  "proposed"   # was "draft" # once']);
    expect(set(commented, { status: "approved" })).toBe(
      exampleWith(['status = "proposed"', 'status = "approved"   # was "draft" # once']),
    );
  });

  test("adds a key where its neighbours stand", () => {
    expect(
      set(EXAMPLE, { approval: APPROVAL, evidence: { report: "crqs/reports/CRQ-001/report.json", sha256: "b", tree: "c" } }),
    ).toBe(
      exampleWith([
        '"aarch64-linux"] }\n',
        `"aarch64-linux"] }\napproval = { by = "human:Ada", at = "2026-11-21T09:00:00Z", via = "prompt", hash = "${HASH}" }\nevidence = { report = "crqs/reports/CRQ-001/report.json", sha256 = "b", tree = "c" }\n`,
      ]),
    );
  });

  test("adds a key before the first table", () => {
    const waiver = '[[waiver]]\nac = "AC-1"\nreason = "r"\nby = "human:Ada"\nuntil = 2027-01-01\n';
    const source = exampleWith(['"aarch64-linux"] }\n', `"aarch64-linux"] }\n${waiver}`]);
    expect(set(source, { supersededBy: ["CRQ-002"] })).toBe(
      exampleWith(['"aarch64-linux"] }\n', `"aarch64-linux"] }\nsuperseded-by = ["CRQ-002"]\n${waiver}`]),
    );
  });

  test("replaces a table written in the long form", () => {
    const source = exampleWith(
      ['target = { repo = ".", base = "5f0c1d7e", systems = ["x86_64-linux", "aarch64-linux"] }\n', ""],
      [
        'branch = "feature/CRQ-001-nixify-greet"\n',
        'branch = "feature/CRQ-001-nixify-greet"\n\n[target]\nrepo = "."\nbase = "5f0c1d7e"\nsystems = [\n  "x86_64-linux",\n]\n',
      ],
    );
    expect(set(source, { target: { repo: ".", base: "0000000", systems: ["x86_64-linux"] } })).toBe(
      exampleWith([
        '\ntarget = { repo = ".", base = "5f0c1d7e", systems = ["x86_64-linux", "aarch64-linux"] }\n',
        '\ntarget = { repo = ".", base = "0000000", systems = ["x86_64-linux"] }\n\n',
      ]),
    );
  });

  test("a new key never lands inside a table", () => {
    const source = exampleWith([
      'target = { repo = ".", base = "5f0c1d7e", systems = ["x86_64-linux", "aarch64-linux"] }\n```',
      '[target]\nrepo = "."\nbase = "5f0c1d7e"\nsystems = ["x86_64-linux"]\n```',
    ]);
    expect(set(source, { supersedes: ["CRQ-009"] })).toBe(source.replace("[target]\n", 'supersedes = ["CRQ-009"]\n[target]\n'));
  });

  test("removes a key, and setting it again gives the same bytes", () => {
    const without = set(EXAMPLE.replace('"proposed"', '"draft"'), { branch: null });
    expect(without).toBe(exampleWith(['"proposed"', '"draft"'], ['branch = "feature/CRQ-001-nixify-greet"\n', ""]));
    expect(set(without, { branch: "feature/CRQ-001-nixify-greet" })).toBe(EXAMPLE.replace('"proposed"', '"draft"'));
  });

  test("keeps CRLF, a byte order mark and a missing final newline", () => {
    const dos = (source: string) => `\uFEFF${source.trimEnd().replaceAll("\n", "\r\n")}`;
    expect(set(dos(EXAMPLE), { status: "approved", approval: APPROVAL })).toBe(
      dos(set(EXAMPLE, { status: "approved", approval: APPROVAL })),
    );
  });

  test("a document without valid metadata is left alone", () => {
    expect(setMetadata(parseCrq("x.md", exampleWith(['kind = "nixify"', "kind = nixify"])), { status: "approved" })).toEqual({
      problem: "x.md: there is no valid metadata block to edit; run `crq-agent lint`",
    });
  });

  test("a value that would not be valid is refused", () => {
    expect(setMetadata(parseCrq("x.md", EXAMPLE), { branch: "main" })).toEqual({
      problem: "x.md:3: the metadata block could not be edited; set the keys by hand",
    });
  });

  test("whatever is set, nothing outside the block changes and every other key keeps its value", () => {
    const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const change = fc.record({
      status: optional(
        fc.constantFrom("draft", "proposed", "rejected", "deferred", "withdrawn") satisfies fc.Arbitrary<Metadata["status"]>,
      ),
      title: optional(fc.string({ unit: "grapheme", minLength: 5, maxLength: 40 }).map((text) => text.toWellFormed())),
      branch: optional(fc.integer({ min: 1, max: 999_999 }).map((n) => `feature/CRQ-${String(n).padStart(3, "0")}-x`)),
      approval: optional(fc.constantFrom(APPROVAL, null)),
      target: optional(fc.constant({ repo: "sub dir", base: "abcdef0", systems: ["x86_64-linux"] })),
    });
    const before = parseCrq(EXAMPLE_PATH, EXAMPLE);
    fc.assert(
      fc.property(change, fc.boolean(), (given, crlf) => {
        const source = crlf ? EXAMPLE.replaceAll("\n", "\r\n") : EXAMPLE;
        const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const after = set(source, wanted);
        const range = parseCrq(EXAMPLE_PATH, source).metadataRange ?? { start: 0, end: 0 };
        expect(after.slice(0, range.start)).toBe(source.slice(0, range.start));
        expect(after.endsWith(source.slice(range.end))).toBe(true);
        const expected = Object.fromEntries(
          Object.entries({ ...before.metadata, ...wanted }).filter(([, value]) => value !== null),
        );
        expect(parseCrq(EXAMPLE_PATH, after).metadata).toEqual(expected);
        expect(/(?<!\r)\n/.test(after)).toBe(!crlf);
        expect(set(after, wanted)).toBe(after);
      }),
      { numRuns: 40 },
    );
  });
});
