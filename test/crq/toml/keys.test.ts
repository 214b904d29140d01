import fc from "fast-check";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { tomlLine } from "../../../src/crq/render/toml.ts";
import { keyPositions } from "../../../src/crq/toml/keys.ts";

test("every key has the line and column of its statement, or its own inside an inline table", () => {
  const toml = `a = 1 # b = 2
  "quoted key" = "x = 1"
target = { repo = ".", base = "z", systems = ["p", "q"] }
text = '''
[not.a.table]
c = 3
'''
list = [
  1,
  2,
]
[[check]]
kind = "run"
[[check]]
kind = "lock"
run.argv = ["x"]
[check.env]
A = "1"
`;
  expect(keyPositions(toml).map(({ path, line, column }) => `${path.join(".")} ${line}:${column}`)).toEqual([
    "a 0:0",
    "quoted key 1:2",
    "target 2:0",
    "target.repo 2:11",
    "target.base 2:23",
    "target.systems 2:35",
    "target.systems.0 2:35",
    "target.systems.1 2:35",
    "text 3:0",
    "list 7:0",
    "list.0 7:0",
    "list.1 7:0",
    "check.0 11:0",
    "check.0.kind 12:0",
    "check.1 13:0",
    "check.1.kind 14:0",
    "check.1.run 15:0",
    "check.1.run.argv 15:4",
    "check.1.run.argv.0 15:4",
    "check.1.env 16:0",
    "check.1.env.A 17:0",
  ]);
});

test("each top-level key of any text is found on the line it was written", () => {
  const table = fc.dictionary(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())),
    { maxKeys: 6, noNullPrototype: true },
  );
  fc.assert(
    fc.property(table, (given) => {
      const entries = Object.entries(given).filter(([key]) => key !== "constructor");
      const statements = entries.map(([key, value]) => tomlLine(key, value));
      const toml = statements.join("\n");
      if (Object.keys(parse(toml)).length !== entries.length) return;
      let line = 0;
      const expected = entries.map(([key], index) => {
        const at = { path: [key], line, column: 0 };
        line += (statements[index] ?? "").split("\n").length;
        return at;
      });
      expect(
        keyPositions(toml)
          .filter(({ path }) => path.length === 1)
          .map(({ path, line: at, column }) => ({ path, line: at, column })),
      ).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
