import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shDerivation } from "../../flakes.ts";
import { type RealPlace, realPlace } from "../../real-environment.ts";
import { HONEST, said as saidOf } from "./said-of-lattice.ts";
import { lattice, nodeFlake, plan, rootFlake, type Tree, working } from "./trees.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const said = (change: Tree, more?: object): Promise<string> => saidOf(place, change, more);

describe("nodes that do nothing", () => {
  test("an empty join, a join of constants, a root that joins some", async () => {
    const root = (text: string): Promise<string> => said({ ...HONEST, "lattice/flake.nix": text });
    expect([
      await root(rootFlake([], working("root", []))),
      await root(rootFlake(["word", "line"], shDerivation("root", "for each in; do read -r x < $each; done; printf ok > $out"))),
      await root(rootFlake(["line"])),
      await said({ ...HONEST, "lattice/nodes/word/flake.nix": nodeFlake("word", [], shDerivation("word", "echo word > $out")) }),
    ]).toEqual([
      "vacuous empty (eval) 2/2: the root flake lattice/flake.nix joins none of the nodes",
      "vacuous empty (eval) 2/2: the root flake lattice/flake.nix joins none of the nodes",
      "fail mismatch (eval) 2/2: the root flake does not build on node word",
      "vacuous stub (eval) 2/2: lattice/nodes/word: the builder only makes folders, writes texts or copies files",
    ]);
  });

  test("edges of the plan that are no input, inputs that are not used, and inputs that nobody planned", async () => {
    const line = (text: string): Promise<string> => said({ ...HONEST, "lattice/nodes/line/flake.nix": text });
    const circle = nodeFlake("word", ["line"]);
    expect([
      await line(nodeFlake("line", [])),
      await line(nodeFlake("line", ["word"], working("line", []))),
      await said({ ...HONEST, "lattice/lattice.toml": plan({ word: [], line: [] }) }),
      await line(nodeFlake("line", ["word"]).replace("path:../word", "path:../../../other")),
      await said({ ...HONEST, "lattice/nodes/word/flake.nix": circle }),
    ]).toEqual([
      "fail mismatch (eval) 2/2: line depends on word, and its flake does not take it as an input",
      "fail mismatch (eval) 2/2: line takes word as an input, and its build does not use it",
      "fail mismatch (eval) 2/2: line takes word, which the plan does not say",
      "fail mismatch (eval) 3/3: lattice/nodes/line takes other, which is no node",
      "fail mismatch (eval) 3/3: circular: lattice/nodes/word -> lattice/nodes/line -> lattice/nodes/word",
    ]);
  });

  test("min met by copies: one derivation twice, or two that build the same", async () => {
    const copied = lattice({ word: [], again: [] });
    const same = (name: string): string => shDerivation(name, 'read -r line < /proc/version; [ -n "$line" ]; printf same > $out');
    const nodes = (of: (name: string) => string): Tree => ({
      ...copied,
      "lattice/nodes/word/flake.nix": nodeFlake("word", [], of("word")),
      "lattice/nodes/again/flake.nix": nodeFlake("again", [], of("again")),
    });
    expect([
      await said(nodes(() => same("one"))),
      await said(nodes(same), { build: true }),
      await said(
        nodes((name) => shDerivation(name, 'read -r line < /proc/version; [ -n "$line" ]; : > $out')),
        { build: true },
      ),
    ]).toEqual([
      "fail mismatch (eval) 2/2: lattice/nodes/again builds the same derivation as lattice/nodes/word",
      "fail mismatch (build) 2/2: lattice/nodes/again builds the same as lattice/nodes/word",
      "vacuous empty (build) 2/2: lattice/nodes/word builds, but its output holds no non-empty file: a join of nothing",
    ]);
  });
});
