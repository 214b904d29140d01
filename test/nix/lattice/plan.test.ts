import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dependents,
  folderOf,
  type LatticeNode,
  latticeProblems,
  lowerFirst,
  parseLattice,
} from "../../../src/nix/lattice/plan.ts";
import { nodeTable, planText } from "../../../src/nix/lattice/plan-text.ts";
import { lattices } from "./lattices.ts";

/** lattice.toml: what is read, and what is said of one that cannot be. */

const HEAD = 'schema = "crq-lattice/1"\nnixpkgs = "github:NixOS/nixpkgs/nixos-26.05"\nsystems = ["x86_64-linux"]\n';
const problems = (text: string): readonly string[] => {
  const parsed = parseLattice("lat/lattice.toml", text);
  return parsed.ok ? [] : parsed.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
};
const node = (name: string, kind: string, more = ""): string => `\n[[node]]\nname = "${name}"\nkind = "${kind}"\n${more}`;

describe("a plan", () => {
  it("names nodes, what they take, and what is left out", () => {
    const left = '\n[[left-out]]\nitem = "main"\nfile = "src/main.rs"\nline = 3\nreason = "it is the program"\n';
    const text = `${HEAD}${node("config", "config")}${node("top", "nix", 'depends = ["config", "low"]\n')}${node("low", "crate")}${left}`;
    expect(parseLattice("lattice.toml", text)).toEqual({
      ok: true,
      lattice: {
        nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
        systems: ["x86_64-linux"],
        nodes: [
          { name: "config", kind: "config", depends: [] },
          { name: "top", kind: "nix", depends: ["config", "low"] },
          { name: "low", kind: "crate", depends: [] },
        ],
        leftOut: [{ item: "main", file: "src/main.rs", line: 3, reason: "it is the program" }],
      },
    });
  });

  it.each([
    ["a slip of TOML", `${HEAD}[[node]\n`, ["lat/lattice.toml:4: not TOML"]],
    ["no schema", HEAD.slice(HEAD.indexOf("\n") + 1), ["lat/lattice.toml:1: `schema`"]],
    ["an unknown key", `${HEAD}${node("a", "nix", "needs = []\n")}`, ["lat/lattice.toml:8: unknown key `node.0.needs`"]],
    ["an unknown kind", `${HEAD}${node("a", "flake")}`, ["lat/lattice.toml:7: `node.0.kind`"]],
    ["a name that leaves the folder", `${HEAD}${node("../a", "nix")}`, ["lat/lattice.toml:6: `node.0.name`"]],
    ["a name that all flakes use", `${HEAD}${node("nixpkgs", "nix")}`, ["lat/lattice.toml:6: `node.0.name`"]],
    ["a name twice", `${HEAD}${node("a", "nix")}${node("a", "nix")}`, ['lat/lattice.toml:10: "a" is used twice']],
    [
      "names that are one folder on a disk without case",
      `${HEAD}${node("Low", "nix")}${node("low", "crate")}${node("loW", "nix")}`,
      ['lat/lattice.toml:14: "loW" differs from "Low" in its case only'],
    ],
    [
      "an edge to nothing",
      `${HEAD}${node("b", "nix")}${node("a", "nix", 'depends = ["toString"]\n')}`,
      ['lat/lattice.toml:10: "a" depends on "toString", which does not exist'],
    ],
    [
      "an edge to no node",
      `${HEAD}${node("a", "nix", 'depends = ["b"]\n')}`,
      ['lat/lattice.toml:6: "a" depends on "b", which does not exist'],
    ],
    [
      "a circle",
      `${HEAD}${node("a", "nix", 'depends = ["b"]\n')}${node("b", "nix", 'depends = ["a"]\n')}`,
      ["lat/lattice.toml:6: circular: a -> b -> a"],
    ],
    [
      "an edge twice",
      `${HEAD}${node("a", "nix")}${node("b", "nix", 'depends = ["a", "a"]\n')}`,
      ['lat/lattice.toml:10: "b" names "a" twice'],
    ],
  ])("is refused with its line for %s", (_, text, expected) => {
    const found = problems(text);
    expect(found.map((problem, at) => problem.slice(0, (expected[at] ?? "").length))).toEqual(expected);
  });

  it("is not made of names that it could not hold: those of a crate are nobody's choice", () => {
    const nodes = ["default", "nixpkgs", "été", "a-b"].map((name) => ({ name, kind: "crate" as const, depends: [] }));
    expect(latticeProblems({ nixpkgs: "github:NixOS/nixpkgs", systems: ["x86_64-linux"], nodes, leftOut: [] })).toEqual([
      '"default": is a name that every flake of a lattice uses already',
      '"nixpkgs": is a name that every flake of a lattice uses already',
      '"été": expected a letter, then letters, digits, - and _',
    ]);
  });

  it("is read back from its own text, also where a table is added at its end", () => {
    fc.assert(
      fc.property(lattices, (lattice) => {
        expect(parseLattice("lattice.toml", planText(lattice))).toEqual({ ok: true, lattice });
        const more: LatticeNode = { name: "added", kind: "nix", depends: lattice.nodes.map(({ name }) => name) };
        expect(parseLattice("lattice.toml", `${planText(lattice)}\n${nodeTable(more)}\n`)).toEqual({
          ok: true,
          lattice: { ...lattice, nodes: [...lattice.nodes, more] },
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe("the graph", () => {
  it("has lower nodes first, each once", () => {
    fc.assert(
      fc.property(lattices, ({ nodes }) => {
        const order = lowerFirst(nodes).map(({ name }) => name);
        expect([...order].sort()).toEqual(nodes.map(({ name }) => name).sort());
        for (const { name, depends } of nodes)
          for (const lower of depends) expect(order.indexOf(lower)).toBeLessThan(order.indexOf(name));
      }),
    );
  });

  it("tells what a change reaches", () => {
    const chain: readonly LatticeNode[] = [
      { name: "c", kind: "nix", depends: ["b"] },
      { name: "b", kind: "nix", depends: ["a"] },
      { name: "a", kind: "config", depends: [] },
      { name: "beside", kind: "crate", depends: ["a"] },
    ];
    expect([...dependents(chain, ["b"])].sort()).toEqual(["b", "c"]);
    expect(chain.map(folderOf)).toEqual(["nodes/c", "nodes/b", "a", "generated/beside"]);
  });

  it("is walked without recursion: a chain of ten thousand nodes", () => {
    const chain = Array.from(
      { length: 10_000 },
      (_, at): LatticeNode => ({ name: `n${at}`, kind: "nix", depends: [`n${at + 1}`] }),
    );
    expect(lowerFirst(chain.slice(0, 9_999)).at(0)?.name).toBe("n9998");
  });
});
