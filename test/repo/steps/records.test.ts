import { describe, expect, test } from "vitest";
import { parseRecords } from "../../../src/repo/steps/records.ts";

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

const { schema: _, ...step } = record;

describe("records", () => {
  test("of the present and of the older form, blank lines left out", () => {
    const older = { command: "rustc", args: [], env: {}, cwd: "/", type: "rust_compiler_invocation" };
    expect(parseRecords("steps/a.jsonl", `${JSON.stringify(record)}\n\n${JSON.stringify(older)}\n`)).toEqual({
      records: [
        { ...step, place: "steps/a.jsonl:1", form: "current" },
        {
          ...{ ...older, place: "steps/a.jsonl:3", form: "older", seq: 3, id: "steps/a.jsonl:3", tool: "rustc" },
          ...{ inputs: [], outputs: [], depends: [], exit: null },
        },
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
