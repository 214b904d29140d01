import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphProblems, parseRecords } from "../../../../src/crq/criteria/judge/step-records.ts";

const record = {
  schema: "crq-step/1",
  seq: 1,
  id: "step-0001-rustc-core",
  type: "rust_compiler_invocation",
  command: "/nix/store/abc-rustc/bin/rustc",
  tool: "rustc",
  args: ["--crate-name", "core"],
  env: {},
  cwd: "/build",
  inputs: [{ path: "src/lib.rs", sha256: "00" }],
  outputs: ["libcore.rlib"],
  depends: [],
  exit: 0,
};

describe("records", () => {
  test("of the present and of the older form, blank lines left out", () => {
    const older = { command: "rustc", args: [], env: {}, cwd: "/", type: "rust_compiler_invocation" };
    expect(parseRecords("steps/a.jsonl", `${JSON.stringify(record)}\n\n${JSON.stringify(older)}\n`)).toEqual({
      records: [
        { place: "steps/a.jsonl:1", id: "step-0001-rustc-core", depends: [] },
        { place: "steps/a.jsonl:3", id: "steps/a.jsonl:3", depends: [] },
      ],
      problems: [],
    });
  });

  test("that are none, each with its line", () => {
    const lines = [
      "{",
      JSON.stringify({ ...record, exit: "0" }),
      JSON.stringify({ ...record, tool: "cargo" }),
      JSON.stringify({ ...record, schema: "crq-step/9" }),
    ];
    const { records, problems } = parseRecords("a.jsonl", lines.join("\n"));
    expect(records).toEqual([]);
    expect(problems.map((problem) => problem.split(" ").slice(0, 2).join(" "))).toEqual([
      "a.jsonl:1: no",
      "a.jsonl:2: exit",
      "a.jsonl:3: tool",
      "a.jsonl:4: schema",
    ]);
  });
});

describe("the graph", () => {
  test("may have no id twice, no loose edge and no circle", () => {
    expect(
      graphProblems([
        { id: "a", depends: ["b"] },
        { id: "b", depends: ["c", "x"] },
        { id: "c", depends: ["a"] },
        { id: "c", depends: [] },
      ]),
    ).toEqual(['"c" is used twice', '"b" depends on "x", which does not exist']);
    expect(
      graphProblems([
        { id: "a", depends: ["b"] },
        { id: "b", depends: ["c"] },
        { id: "c", depends: ["b"] },
      ]),
    ).toEqual(["circular: b -> c -> b"]);
  });

  test("is clean when edges only lead down", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { minLength: 1, maxLength: 30 }), (edges) => {
        const nodes = edges.map((to, at) => ({
          id: `n${at}`,
          depends: to.filter((other) => other < at).map((other) => `n${other}`),
        }));
        expect(graphProblems(nodes)).toEqual([]);
      }),
    );
  });

  test("is followed to the end of a long chain", () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => ({ id: `n${at}`, depends: at === 0 ? [] : [`n${at - 1}`] }));
    expect(graphProblems(chain)).toEqual([]);
  });
});
