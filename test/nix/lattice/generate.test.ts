import { readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GENERATED } from "../../../src/nix/lattice/flake-text.ts";
import { generateLattice } from "../../../src/nix/lattice/generate.ts";
import { latticeInputs } from "../../../src/nix/lattice/inputs.ts";
import { folderOf, type Lattice, type LatticeNode } from "../../../src/nix/lattice/plan.ts";
import { parseLock } from "../../../src/nix/lock.ts";
import type { FlakeInput } from "../../../src/nix/sibling-flakes/flake-input.ts";
import { git } from "../../../src/system/git.ts";
import { NixPlace } from "../place.ts";
import { lattices } from "./lattices.ts";

/** The flakes of a plan: their inputs as data, their texts, and what Nix makes of them. */

const node = (name: string, kind: LatticeNode["kind"], ...depends: string[]): LatticeNode => ({ name, kind, depends });

const DIAMOND: Lattice = {
  nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
  systems: ["x86_64-linux"],
  nodes: [
    node("config", "config"),
    node("left", "crate", "config"),
    node("right", "nix", "config"),
    node("top", "nix", "left", "right"),
  ],
  leftOut: [],
};
const NIXPKGS = { path: ["nixpkgs"], target: ["nixpkgs"] };

describe("the inputs of a lattice", () => {
  it("are relative paths, and what two ways lead to follows one of them", () => {
    const { nodes, root } = latticeInputs(DIAMOND);
    const nixpkgs = { name: "nixpkgs", url: "github:NixOS/nixpkgs/nixos-26.05", follows: [], shared: false };
    expect(Object.fromEntries(nodes)).toEqual({
      config: [nixpkgs],
      left: [nixpkgs, { name: "config", url: "path:../../config", follows: [NIXPKGS], shared: false }],
      right: [nixpkgs, { name: "config", url: "path:../../config", follows: [NIXPKGS], shared: false }],
      top: [
        nixpkgs,
        { name: "left", url: "path:../../generated/left", follows: [NIXPKGS], shared: false },
        {
          name: "right",
          url: "path:../right",
          follows: [NIXPKGS, { path: ["config"], target: ["left", "config"] }],
          shared: false,
        },
      ],
    });
    expect(root.slice(1)).toEqual([
      { name: "config", url: "path:./config", follows: [NIXPKGS], shared: false },
      { name: "left", url: "path:./generated/left", follows: [NIXPKGS, { path: ["config"], target: ["config"] }], shared: false },
      { name: "right", url: "path:./nodes/right", follows: [NIXPKGS, { path: ["config"], target: ["config"] }], shared: false },
      {
        name: "top",
        url: "path:./nodes/top",
        follows: [NIXPKGS, { path: ["left"], target: ["left"] }, { path: ["right"], target: ["right"] }],
        shared: false,
      },
    ]);
  });

  it("have no node that is evaluated twice, whatever the graph", () => {
    fc.assert(
      fc.property(lattices, (lattice) => {
        const { nodes, root } = latticeInputs(lattice);
        const names = lattice.nodes.map(({ name }) => name);
        expect(instances(root, nodes).sort()).toEqual([...names].sort());
        for (const { name } of lattice.nodes)
          expect(instances(nodes.get(name) ?? [], nodes).sort()).toEqual(below(lattice, name).sort());
      }),
      { numRuns: 200 },
    );
  });
});

/** How Nix reads inputs: an override by an outer flake counts, else the flake's own; each input that follows none is an instance. */
function instances(inputs: readonly FlakeInput[], nodes: ReadonlyMap<string, readonly FlakeInput[]>): string[] {
  const found: string[] = [];
  const visit = (declared: readonly FlakeInput[], prefix: readonly string[], outer: ReadonlySet<string>): void => {
    const overrides = new Set(outer);
    for (const { name, follows } of declared) for (const { path } of follows) overrides.add([...prefix, name, ...path].join("/"));
    for (const { name } of declared) {
      const place = [...prefix, name];
      if (name === "nixpkgs" || outer.has(place.join("/"))) continue;
      found.push(name);
      visit(nodes.get(name) ?? [], place, overrides);
    }
  };
  visit(inputs, [], new Set());
  return found;
}

function below({ nodes }: Lattice, name: string): string[] {
  const reached = new Set<string>();
  const visit = (at: string): void => {
    for (const lower of nodes.find((each) => each.name === at)?.depends ?? []) {
      reached.add(lower);
      visit(lower);
    }
  };
  visit(name);
  return [...reached];
}

describe("the texts of flakes", () => {
  it("say where they come from, and hold no three quotes in a row and no system but the plan's", () => {
    fc.assert(
      fc.property(lattices, (lattice) => {
        for (const { path, text } of generateLattice({ ...lattice, systems: ["sparc-plan9"] }, { files: new Map() })) {
          if (!path.endsWith("flake.nix")) continue;
          expect(text.startsWith(`${GENERATED}\n`)).toBe(true);
          expect(text).not.toMatch(/'''|x86_64|aarch64|builtins\.currentSystem/);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("stand in the folders of the plan, with what each node carries", () => {
    const files = new Map([
      ["config", { "config.toml": "a = 1\n" }],
      ["top", { "node.nix": "{ ... }: 1\n" }],
    ]);
    expect(generateLattice(DIAMOND, { files }).map(({ path }) => path)).toEqual([
      "lattice.toml",
      "flake.nix",
      "config/flake.nix",
      "generated/left/flake.nix",
      "nodes/right/flake.nix",
      "nodes/top/flake.nix",
      "config/config.toml",
      "nodes/top/node.nix",
    ]);
  });
});

/** A nixpkgs of one function is enough to see inputs at work; it lies in the repository as well. */
const SMALL_NIXPKGS = `{
  outputs = { self }: {
    lib.genAttrs = names: function: builtins.listToAttrs (map (name: { inherit name; value = function name; }) names);
    lib.concatLists = builtins.concatLists;
    lib.mapAttrsToList = function: set: map (name: function name set.\${name}) (builtins.attrNames set);
    legacyPackages = builtins.listToAttrs (map (system: { name = system; value = {
      lib = { };
      linkFarm = name: entries: derivation { inherit name system; builder = "/bin/sh"; args = [ "-c" "echo \${toString (map (entry: entry.path) entries)} > $out" ]; };
    }; }) [ "x86_64-linux" ]);
  };
}
`;

const UPPER = (name: string, depends: readonly string[]): string => `{ nodes, system, ... }:
derivation {
  name = "${name}";
  inherit system;
  source = builtins.path { path = ./.; name = "source"; };
  takes = [ ${depends.map((lower) => `nodes.${lower}`).join(" ")} ];
  builder = "/bin/sh";
  args = [ "-c" "echo $takes > $out" ];
}
`;

describe("in Nix", () => {
  let place: NixPlace;
  beforeAll(() => {
    place = new NixPlace();
  });
  afterAll(() => place.close());

  const nodes = [
    node("a", "nix"),
    node("b", "nix", "a"),
    node("c", "nix", "a", "b"),
    node("d", "nix", "b", "a", "c"),
    node("e", "nix", "c", "b"),
    node("if", "nix", "d", "e", "a"),
    // Two ways that meet two steps below: the uppermost declares all.
    node("p", "nix", "b"),
    node("q", "nix", "b"),
    node("top", "nix", "s", "t"),
    node("s", "nix", "p"),
    node("t", "nix", "q"),
  ];

  it("each flake locks, evaluates alone, and holds one lock node a lower node", async () => {
    const lattice: Lattice = { nixpkgs: "path:../../nixpkgs", systems: ["x86_64-linux"], nodes, leftOut: [] };
    const files = new Map(nodes.map(({ name, depends }) => [name, { "node.nix": UPPER(name, depends) }]));
    const directory = await place.flake("lattice", { "nixpkgs/flake.nix": SMALL_NIXPKGS });
    for (const { path, text } of generateLattice(lattice, { files })) {
      // The root flake is nearer to this nixpkgs than the nodes are.
      const own =
        path === "flake.nix"
          ? text.replace("path:../../nixpkgs", "path:../nixpkgs")
          : text.replace("path:../../nixpkgs", "path:../../../nixpkgs");
      await mkdir(dirname(join(directory, "lat", path)), { recursive: true });
      await writeFile(join(directory, "lat", path), own);
    }
    await git(["add", "--all"], { cwd: directory });
    const seen: Record<string, unknown> = {};
    for (const flake of [".", ...nodes.map(folderOf)]) {
      const at = join(directory, "lat", flake);
      const locked = await place.nix.lock(at);
      const warnings = locked.ok
        ? locked.warnings.filter((warning) => !/^creating lock file|Internet access/.test(warning))
        : locked;
      expect(warnings, flake).toEqual([]);
      const lock = parseLock(await readFile(join(at, "flake.lock"), "utf8"));
      seen[flake] = lock.ok ? Object.keys(lock.lock.nodes).length : lock.problem;
      expect(await place.nix.evaluate(at, "packages.x86_64-linux.default.drvPath"), flake).toMatchObject({ ok: true });
    }
    expect(readdirSync(join(directory, "lat/nodes/if")).sort()).toEqual(["flake.lock", "flake.nix", "node.nix"]);
    expect(seen).toEqual({
      ".": 13,
      "nodes/a": 2,
      "nodes/b": 3,
      "nodes/c": 4,
      "nodes/d": 5,
      "nodes/e": 5,
      "nodes/if": 7,
      "nodes/p": 4,
      "nodes/q": 4,
      "nodes/s": 5,
      "nodes/t": 5,
      "nodes/top": 8,
    });
  });

  it("a change of one node, or of anything beside it, is a change for those above it alone", async () => {
    const directory = join(place.root, "flakes", "lattice");
    const derivations = async (): Promise<Record<string, string>> => {
      const apply = "packages: builtins.mapAttrs (name: package: package.drvPath) packages.x86_64-linux";
      const answer = await place.nix.evaluate(join(directory, "lat"), "packages", { apply });
      if (!answer.ok) throw new Error(answer.log);
      return Object.fromEntries(Object.entries(answer.value ?? {}));
    };
    const before = await derivations();
    await writeFile(join(directory, "README.md"), "something beside the lattice\n");
    await git(["add", "README.md"], { cwd: directory });
    expect(await derivations()).toEqual(before);
    await writeFile(join(directory, "lat/nodes/d/more.txt"), "one more file of d\n");
    await git(["add", "--all"], { cwd: directory });
    const after = await derivations();
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(["d", "default", "if"]);
  });
});
