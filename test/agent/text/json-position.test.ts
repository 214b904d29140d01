import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFault } from "../../../src/agent/text/json-position.ts";

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("jsonFault", () => {
  it.each<[string, number | undefined]>([
    ['{"a": [1, -2.5e3, "x\\u00e9\\n", null], "b": {}}', undefined],
    ['{"at": x}', 7],
    ['{"a": "say "hi""}', 12],
    ['{"a": 1,}', 8],
    ["[1 2]", 3],
    ["{'a': 1}", 1],
    ['{"a": "line\nbreak"}', 11],
    ['{"a": "\\x"}', 7],
    ['{"a": 01}', 7],
    ['{"a": 1} {', 9],
    ['{"a": "hal', 10],
    ['{"a":', 5],
    ["", 0],
    ["]", 0],
    ["[1}", 2],
  ])("%s: %s", (text, at) => {
    expect(jsonFault(text)).toBe(at);
  });

  it("agrees with JSON.parse on every text, and its place is one where the text before could still have become JSON", () => {
    const piece = fc.oneof(
      fc.constantFrom("{", "}", "[", "]", ":", ",", '"', "\\", "0", "-", ".", "e", "true", "null", " ", "\n", '"k"', "\u0001"),
      fc.json({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const at = jsonFault(text);
        expect(at === undefined).toBe(parses(text));
        if (at === undefined) return;
        const before = text.slice(0, at);
        expect([undefined, before.length]).toContain(jsonFault(before));
      }),
      { numRuns: 2000 },
    );
  });

  it("is not troubled by depth or length", () => {
    expect(jsonFault("[".repeat(200_000))).toBe(200_000);
    expect(jsonFault(`"${"x".repeat(10_000_000)}`)).toBe(10_000_001);
  });
});
