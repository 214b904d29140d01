import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphProblems } from "../../src/repo/dependency-graph.ts";

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
