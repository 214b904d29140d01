import { describe, expect, test } from "vitest";
import { checkLock, type FlakeLock, inputPaths, lockedNixpkgs, movedBeyond, movedInputs, parseLock } from "../../src/nix/lock.ts";

const rev = (digit: string): string => digit.repeat(40);
const github = (owner: string, repo: string, digit: string, ref?: string): FlakeLock["nodes"][string] => ({
  locked: { type: "github", owner, repo, rev: rev(digit), narHash: `sha256-${digit}`, lastModified: 1 },
  original: { type: "github", owner, repo, ...(ref !== undefined && { ref }) },
});

const LOCK: FlakeLock = {
  version: 7,
  root: "root",
  nodes: {
    root: { inputs: { nixpkgs: "nixpkgs", naersk: "naersk", same: ["naersk", "nixpkgs"] } },
    nixpkgs: github("NixOS", "nixpkgs", "1", "nixos-26.05"),
    naersk: { ...github("nix-community", "naersk", "2"), inputs: { nixpkgs: ["nixpkgs"], fenix: "fenix" } },
    fenix: { ...github("nix-community", "fenix", "3"), inputs: { nixpkgs: ["naersk", "nixpkgs"] } },
  },
};

test("a text that is no lock says what is wrong", () => {
  expect(
    ["", "{", "{}", '{"version":99,"root":"root","nodes":{}}', JSON.stringify(LOCK)].map((text) => parseLock(text).ok),
  ).toEqual([false, false, false, false, true]);
  expect(parseLock("")).toEqual({ ok: false, problem: "there is no flake.lock" });
});

test("inputs by their path, follows resolved from the root", () => {
  expect(Object.fromEntries(inputPaths(LOCK))).toEqual({
    nixpkgs: "nixpkgs",
    naersk: "naersk",
    "naersk/nixpkgs": "nixpkgs",
    "naersk/fenix": "fenix",
    "naersk/fenix/nixpkgs": "nixpkgs",
    same: "nixpkgs",
  });
});

test("a cycle of follows ends", () => {
  const cycle: FlakeLock = { version: 7, root: "root", nodes: { root: { inputs: { a: ["b"], b: ["a"] } } } };
  expect(Object.fromEntries(inputPaths(cycle))).toEqual({});
});

describe("what a lock step moved", () => {
  test("new, moved and gone inputs, by path", () => {
    const { fenix: _fenix, ...others } = LOCK.nodes;
    const after: FlakeLock = {
      ...LOCK,
      nodes: {
        ...others,
        root: { inputs: { nixpkgs: "nixpkgs", naersk: "naersk", crane: "crane" } },
        naersk: { ...github("nix-community", "naersk", "4"), inputs: { nixpkgs: ["nixpkgs"] } },
        crane: github("ipetkov", "crane", "5"),
      },
    };
    expect(
      movedInputs(LOCK, after).map(
        ({ input, from, to }) => `${input}: ${from?.match(/rev=(\w)/u)?.[1] ?? "-"} to ${to?.match(/rev=(\w)/u)?.[1] ?? "-"}`,
      ),
    ).toEqual(["crane: - to 5", "naersk: 2 to 4", "naersk/fenix: 3 to -", "naersk/fenix/nixpkgs: 1 to -", "same: 1 to -"]);
    expect(movedInputs(LOCK, LOCK)).toEqual([]);
  });

  test("a renamed node is no move", () => {
    const { nixpkgs, ...others } = LOCK.nodes;
    if (!nixpkgs) expect.fail("fixture");
    const renamed: FlakeLock = {
      ...LOCK,
      nodes: {
        ...others,
        nixpkgs_2: nixpkgs,
        root: { inputs: { nixpkgs: "nixpkgs_2", naersk: "naersk", same: ["naersk", "nixpkgs"] } },
      },
    };
    expect(movedInputs(LOCK, renamed)).toEqual([]);
  });
});

describe("what a lock must hold", () => {
  const declared = [
    { name: "nixpkgs", url: "github:nixos/nixpkgs?ref=nixos-26.05", overrides: {} },
    { name: "naersk", url: "github:nix-community/naersk", overrides: { nixpkgs: { follows: "nixpkgs" } } },
    { name: "same", follows: "naersk/nixpkgs", overrides: {} },
  ];
  test("a node with an equal original for each input", () => {
    expect(checkLock(LOCK, declared)).toEqual([]);
    expect(
      checkLock(LOCK, [
        { name: "nixpkgs", url: "github:nixos/nixpkgs/nixos-25.11", overrides: {} },
        { name: "new", url: "github:a/b", overrides: {} },
      ]),
    ).toEqual([
      {
        input: "nixpkgs",
        rule: "original-differs",
        message:
          "flake.lock pins 'nixpkgs' from github:NixOS/nixpkgs?ref=nixos-26.05, flake.nix says github:nixos/nixpkgs/nixos-25.11",
      },
      { input: "new", rule: "missing", message: "flake.lock has no node for the input 'new'" },
    ]);
  });
  test("a narHash and a revision everywhere", () => {
    const bare: FlakeLock = {
      ...LOCK,
      nodes: {
        ...LOCK.nodes,
        fenix: { locked: { type: "github", owner: "o", repo: "r" }, original: { type: "github", owner: "o", repo: "r" } },
      },
    };
    expect(checkLock(bare, declared).map(({ input, rule }) => `${input} ${rule}`)).toEqual([
      "fenix no-nar-hash",
      "fenix no-revision",
    ]);
  });
});

test("the nixpkgs of a flake: the input of that name, or of such a repository", () => {
  const locked = `github:NixOS/nixpkgs?rev=${rev("1")}&narHash=sha256-1`;
  expect(lockedNixpkgs(LOCK)).toBe(locked);
  const other: FlakeLock = { ...LOCK, nodes: { ...LOCK.nodes, root: { inputs: { naersk: "naersk", pkgs: "nixpkgs" } } } };
  expect(lockedNixpkgs(other)).toBe(locked);
  expect(lockedNixpkgs({ version: 7, root: "root", nodes: { root: {} } })).toBeUndefined();
});

describe("moves that nobody asked for", () => {
  const root = LOCK.nodes.root ?? {};
  const moved = (nodes: FlakeLock["nodes"]): FlakeLock => ({ ...LOCK, nodes: { ...LOCK.nodes, ...nodes } });
  const names = (after: FlakeLock, changed: readonly string[]): readonly string[] =>
    movedBeyond(LOCK, after, changed).map(({ input }) => input);

  test("are none where the changed input moved, what lies below it, and what follows it", () => {
    const fresh = moved({
      nixpkgs: github("acme", "nixpkgs", "9"),
      naersk: { ...github("acme", "naersk", "8"), inputs: { nixpkgs: ["nixpkgs"], fenix: "fenix" } },
      fenix: { ...github("acme", "fenix", "7"), inputs: { nixpkgs: ["naersk", "nixpkgs"] } },
    });
    expect(names(fresh, ["nixpkgs", "naersk"])).toEqual([]);
    expect(names(fresh, ["naersk"])).toEqual([]);
    expect(names(fresh, ["nixpkgs"])).toEqual(["naersk", "naersk/fenix"]);
    expect(names(fresh, [])).toEqual(["naersk", "naersk/fenix", "naersk/fenix/nixpkgs", "naersk/nixpkgs", "nixpkgs", "same"]);
  });

  test("are those of an input whose name begins like the changed one's", () => {
    const before: FlakeLock = {
      ...LOCK,
      nodes: {
        root: { inputs: { utils: "utils", "utils-plus": "utils-plus" } },
        utils: github("o", "utils", "1"),
        "utils-plus": github("o", "utils-plus", "2"),
      },
    };
    const after: FlakeLock = {
      ...before,
      nodes: { ...before.nodes, utils: github("acme", "utils", "3"), "utils-plus": github("o", "utils-plus", "4") },
    };
    expect(movedBeyond(before, after, ["utils"]).map(({ input }) => input)).toEqual(["utils-plus"]);
  });

  test("are not those that came or went: no pin of theirs moved", () => {
    const after = moved({ root: { inputs: { ...root.inputs, fresh: "fresh" } }, fresh: github("o", "fresh", "5") });
    expect(names(after, [])).toEqual([]);
    expect(movedBeyond(undefined, LOCK, [])).toEqual([]);
  });
});

test("an override with a url has a node below its input; one of an input that is not there has none", () => {
  const declared = (url: string) => [
    { name: "naersk", url: "github:nix-community/naersk", overrides: { fenix: { url }, gone: { url } } },
  ];
  expect(checkLock(LOCK, declared("github:nix-community/fenix"))).toEqual([]);
  expect(checkLock(LOCK, declared("github:acme/fenix")).map(({ input, rule }) => `${rule} ${input}`)).toEqual([
    "original-differs naersk/fenix",
  ]);
});
