import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockNixpkgs } from "../../../src/jobs/nixpkgs-lock.ts";
import { generateLattice } from "../../../src/nix/lattice/generate.ts";
import { latticeLocks } from "../../../src/nix/lattice/lattice-locks.ts";
import { dependents, folderOf, type Lattice, type LatticeNode } from "../../../src/nix/lattice/plan.ts";
import { inputPaths, parseLock, resolvePath } from "../../../src/nix/lock.ts";
import type { LockedFlake } from "../../../src/nix/sibling-flakes/locked-flake.ts";
import { git } from "../../../src/system/git.ts";
import { NixPlace } from "../place.ts";
import { lattices } from "./lattices.ts";

/** Locks that are made of the plan, and what Nix makes of the same flakes. */

const NIXPKGS: LockedFlake = {
  fields: {
    locked: { type: "github", owner: "NixOS", repo: "nixpkgs", rev: "1".repeat(40), narHash: "sha256-x" },
    original: { type: "github", owner: "NixOS", repo: "nixpkgs", ref: "nixos-26.05" },
  },
  inputs: new Map(),
};

const folderOfLock = (path: string): string => dirname(path);

describe("the locks of a plan", () => {
  it("hold each lower node once, nixpkgs once, and nothing that leads nowhere, whatever the graph", () => {
    fc.assert(
      fc.property(lattices, (lattice) => {
        const byFolder = new Map(lattice.nodes.map((node) => [folderOf(node), node]));
        const locks = latticeLocks(lattice, NIXPKGS);
        expect(locks.map(({ path }) => folderOfLock(path))).toEqual([".", ...byFolder.keys()]);
        for (const { path, text } of locks) {
          const parsed = parseLock(text);
          if (!parsed.ok) throw new Error(parsed.problem);
          const { lock } = parsed;
          const node = byFolder.get(folderOfLock(path));
          const lower = lattice.nodes
            .map(({ name }) => name)
            .filter((name) => !node || (name !== node.name && dependents(lattice.nodes, [name]).has(node.name)));
          expect(Object.keys(lock.nodes).sort()).toEqual(["nixpkgs", "root", ...lower].sort());
          for (const [name, { inputs = {} }] of Object.entries(lock.nodes)) {
            const takes = name === "root" ? undefined : (lattice.nodes.find((each) => each.name === name)?.depends ?? []);
            if (name !== "nixpkgs" && takes) expect(Object.keys(inputs)).toEqual(expect.arrayContaining(["nixpkgs", ...takes]));
          }
          for (const [input, target] of inputPaths(lock)) {
            expect(resolvePath(lock, input.split("/"))).toBe(target);
            expect(target).toBe(input.split("/").at(-1));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** A nixpkgs that takes something itself, by the name of a node and twice, once by way of another. */
const TAKING = `{
  inputs.config.url = "BASE/lower";
  inputs.more.url = "BASE/middle";
  inputs.more.inputs.lower.follows = "config";
  inputs.plain = { url = "BASE/middle"; flake = false; };
  outputs = _: { };
}
`;

const node = (name: string, kind: LatticeNode["kind"], ...depends: string[]): LatticeNode => ({ name, kind, depends });
const GRAPHS: Readonly<Record<string, readonly LatticeNode[]>> = {
  "no node": [],
  "one node": [node("config", "config")],
  chain: [node("d", "crate", "c"), node("c", "nix", "b"), node("b", "crate", "config"), node("config", "config")],
  diamond: [node("config", "config"), node("l", "crate", "config"), node("r", "nix", "config"), node("top", "nix", "r", "l")],
  "ways that meet deep": [
    node("b", "nix"),
    node("p", "nix", "b"),
    node("q", "crate", "b"),
    node("s", "nix", "p"),
    node("t", "nix", "q"),
    node("top", "nix", "s", "t"),
    node("above", "nix", "top", "q"),
  ],
  "names that Nix uses": [
    node("root", "crate"),
    node("more", "nix", "root"),
    node("B", "nix", "more", "root"),
    node("if", "nix", "B"),
  ],
};

describe("in Nix", () => {
  let place: NixPlace;
  beforeAll(() => {
    place = new NixPlace();
  });
  afterAll(() => place.close());

  it.each([
    ["plain", Object.keys(GRAPHS)],
    ["taking", ["diamond", "names that Nix uses"]],
  ])("are what Nix writes by itself, with a nixpkgs that is %s", async (nixpkgs, names) => {
    const at = await place.flake(nixpkgs, { "lower/flake.nix": "{ outputs = _: { }; }\n" });
    // The folder's name holds a blank.
    const base = `path:${encodeURI(at)}`;
    const sources = {
      "middle/flake.nix": `{ inputs.lower.url = "${base}/lower"; outputs = _: { }; }\n`,
      "taking/flake.nix": TAKING.replaceAll("BASE", base),
      "plain/flake.nix": "{ outputs = _: { }; }\n",
    };
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(dirname(join(at, path)), { recursive: true });
      await writeFile(join(at, path), text);
    }
    const url = `${base}/${nixpkgs}`;
    const locked = await lockNixpkgs({ locks: [], nixpkgs: url, nix: place.nix, scratch: join(at, "../scratch"), run: {} });
    if (!locked.ok) throw new Error(locked.failure?.log);
    for (const name of names) {
      const nodes = GRAPHS[name] ?? [];
      const lattice: Lattice = { nixpkgs: url, systems: ["x86_64-linux"], nodes, leftOut: [] };
      const directory = await place.flake(`${nixpkgs}-${name.replaceAll(" ", "-")}`, {});
      for (const { path, text } of generateLattice(lattice, { files: new Map() })) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), text);
      }
      await git(["add", "--all"], { cwd: directory });
      const locks = latticeLocks(lattice, locked.flake);
      for (const { path, text } of locks) {
        const made = await place.nix.lock(dirname(join(directory, path)));
        expect(made.ok ? "" : made.log).toBe("");
        expect(await readFile(join(directory, path), "utf8"), `${name}: ${path}`).toBe(text);
        await rm(join(directory, path));
      }
      for (const { path, text } of locks) await writeFile(join(directory, path), text);
      await git(["add", "--all"], { cwd: directory });
      // With the locks of all others beside it Nix changes none, and takes them as they are.
      for (const path of new Set([locks[0]?.path ?? "", locks.at(-1)?.path ?? ""])) {
        const flake = dirname(join(directory, path));
        expect(await place.nix.lock(flake)).toMatchObject({ ok: true });
        expect(await place.nix.evaluate(flake, "", { apply: "_: true" })).toMatchObject({ value: true });
      }
      for (const { path, text } of locks) expect(await readFile(join(directory, path), "utf8"), `${name}: ${path}`).toBe(text);
    }
  });
});
