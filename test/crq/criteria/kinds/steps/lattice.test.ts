import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../observe.ts";
import { type RealPlace, realPlace } from "../../real-environment.ts";
import { HONEST, NODES, said as saidOf } from "./said-of-lattice.ts";
import { nodeFlake, plan, type Tree } from "./trees.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const said = (change: Tree, more?: object): Promise<string> => saidOf(place, change, more);

describe("a lattice", () => {
  test("whose nodes build on each other, and whose root joins them; its output is offered to other checks", async () => {
    const tree = { ...HONEST, "lattice/nodes/word/note.txt": "a\n", "lattice/nodes/line/note.txt": "b\n" };
    const { lines, results } = await observe(place, {
      change: tree,
      checks: [
        { kind: "steps", mode: "lattice", dir: "lattice", "node-files": ["note.txt"], build: true },
        { kind: "steps", mode: "lattice", dir: "lattice", "node-files": ["lib.rs"] },
      ],
      prepare: async (directory) => {
        for (const folder of ["nodes/line", "."]) await place.nix.lock(join(directory, "lattice", folder));
      },
    });
    expect(lines).toEqual([
      "pass met (build) 2/2: 2 nodes build, and the root that joins them",
      "fail missing (text) 2/2: nodes lack lattice/nodes/word/lib.rs of node word; lattice/nodes/line/lib.rs of node line",
    ]);
    expect(results[0]?.outputs?.out).toMatch(/-root$/);
  });

  test("without a plan, with one that has no nodes, a circle or a missing node", async () => {
    const { "lattice/lattice.toml": _, ...unplanned } = HONEST;
    expect([
      await said(unplanned),
      await said({ ...HONEST, "lattice/lattice.toml": plan({}) }),
      await said({ ...HONEST, "lattice/lattice.toml": plan({ word: ["line"], line: ["word"] }) }),
      await said({ ...HONEST, "lattice/lattice.toml": plan({ ...NODES, other: ["gone"] }) }),
    ]).toEqual([
      "fail missing (text) 0/0: lattice/lattice.toml does not exist",
      "vacuous nothing-checked (parse) 0/0: lattice/lattice.toml plans 0 nodes, at least 2 are asked for",
      "fail mismatch (parse) 1/1: lattice/lattice.toml:6: circular: word -> line -> word",
      'fail mismatch (parse) 1/1: lattice/lattice.toml:16: "other" depends on "gone", which does not exist',
    ]);
  });

  test("an input from elsewhere than the policy allows", async () => {
    const line = nodeFlake("line", ["word"]).replace("{ inputs.word", '{ inputs.other.url = "github:evil/other"; inputs.word');
    const { lines } = await observe(place, {
      change: { ...HONEST, "lattice/nodes/line/flake.nix": line.replace("self, word", "self, word, other") },
      checks: [{ kind: "steps", mode: "lattice", dir: "lattice" }],
      options: {
        judgeInputs: ({ flake }) =>
          flake.inputs
            .filter(({ url }) => url?.includes("evil"))
            .map(({ name }) => ({ input: name, severity: "error", message: `${name} is not allowed` })),
      },
    });
    expect(lines).toEqual(["fail policy (eval) 3/3: lattice/nodes/line: other is not allowed"]);
  });

  test("a node of the plan without a folder, a folder without a node, files that are empty", async () => {
    const { "lattice/nodes/line/flake.nix": _, ...halved } = HONEST;
    expect([
      await said(halved),
      await said({ ...HONEST, "lattice/nodes/more/flake.nix": nodeFlake("more", []) }),
      await said(
        { ...HONEST, "lattice/nodes/word/lib.rs": "\n", "lattice/nodes/line/lib.rs": "x\n" },
        { "node-files": ["lib.rs"] },
      ),
    ]).toEqual([
      "fail missing (text) 2/2: nodes without a flake: lattice/nodes/line (node line)",
      "fail mismatch (text) 2/2: lattice.toml plans no node for lattice/nodes/more",
      "fail missing (text) 2/2: nodes lack lattice/nodes/word/lib.rs (empty) of node word",
    ]);
  });
});
