import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askTree } from "../../scripts/attributes/ask.ts";
import { namedAttributes, WRITTEN_BY_RECIPES } from "../../scripts/attributes/named.ts";
import { hostSystem } from "../../src/nix/run.ts";
import { findHost } from "../../src/system/environment/host.ts";

/** The names that `node scripts/attributes.ts PATH` holds against a checkout of nixpkgs. */

const ROOT = join(import.meta.dirname, "..", "..");
const { nix } = await findHost({ packageRoot: ROOT, path: process.env.PATH ?? "" });

describe("the names of attributes", () => {
  /** What an overlay brings, and no nixpkgs has. */
  const OF_OVERLAYS = /^rust-bin\b/;

  it("hold every one that stands in a text of the recipes", async () => {
    const known = new Set(
      [...namedAttributes().keys()].flatMap((name) => name.split(".").map((_, at, all) => all.slice(0, at + 1).join("."))),
    );
    const written = new Set<string>();
    for (const file of await readdir(join(ROOT, "src/nix/recipes"), { recursive: true })) {
      if (!file.endsWith(".ts") || file.startsWith("existing")) continue;
      const code = (await readFile(join(ROOT, "src/nix/recipes", file), "utf8")).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
      for (const [, name = ""] of code.matchAll(/(?<![\w.])pkgs\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)/g))
        written.add(name.replace(/\.override$/, ""));
    }
    const unknown = [...written].filter((name) => !known.has(name) && !OF_OVERLAYS.test(name) && name !== "includes");
    expect(unknown).toEqual([]);
    expect(written.size).toBeGreaterThan(20);
  });

  it("hold what is read from tables, with what names it", () => {
    const named = namedAttributes();
    expect(named.get("openssl")).toContain("the crate openssl-sys");
    expect(named.get("lib.licenses.mit")).toEqual(["a licence"]);
    expect(named.get("python3Packages.pillow")).toEqual(["a package of Python"]);
    for (const name of WRITTEN_BY_RECIPES) expect(named.get(name)).toContain("the recipes");
  });
});

describe.skipIf(!nix)("a tree of nixpkgs is asked", () => {
  let base: string;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "crq-attributes-"));
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  const asked = async (path: string, names: readonly string[]): Promise<Record<string, unknown>> => {
    const store = join(base, "store");
    await mkdir(store, { recursive: true });
    await writeFile(join(store, "nix.conf"), "build-users-group =\nsubstituters =\n");
    const nixInstantiate = join(nix?.bin ?? "", "nix-instantiate");
    return Object.fromEntries(await askTree({ path, system: hostSystem(), nixInstantiate, store }, names));
  };

  it("and says of each name what becomes of it", async () => {
    const tree = join(base, "tree");
    await mkdir(tree);
    const text = `{ config, ... }: {
  plain = { type = "derivation"; };
  set = { inner.leaf = 1; };
  unfree = { meta.available = false; };
  gone = throw "gone was removed, use plain";
  torn = import ./missing.nix;
} // (if config.allowAliases or true then { old = { }; } else { })
`;
    await writeFile(join(tree, "default.nix"), text);
    expect(await asked(tree, ["plain", "set.inner.leaf", "set.inner.other", "nowhere", "unfree", "old", "gone", "torn"])).toEqual(
      {
        plain: { kind: "there" },
        "set.inner.leaf": { kind: "there" },
        "set.inner.other": { kind: "missing" },
        nowhere: { kind: "missing" },
        unfree: { kind: "refused" },
        old: { kind: "alias" },
        gone: { kind: "fails", message: "gone was removed, use plain" },
        torn: { kind: "fails", message: expect.stringContaining("missing.nix") },
      },
    );
  });

  it("and of the stand-in: it has what the recipes write but two tools, and nothing that it has is refused or an old name", async () => {
    const trees = join(ROOT, "evals", "world", "github", "NixOS", "nixpkgs");
    const [revision] = (await readdir(trees)).filter((name) => /^[0-9a-f]{40}$/.test(name));
    const answers = await asked(join(trees, revision ?? ""), [...namedAttributes().keys()]);
    const kinds = Map.groupBy(Object.entries(answers), ([, answer]) => (answer as { kind: string }).kind);
    expect([...kinds.keys()].sort()).toEqual(["missing", "there"]);
    expect(
      WRITTEN_BY_RECIPES.filter(
        (name) => answers[name] !== undefined && kinds.get("missing")?.some(([missing]) => missing === name),
      ),
    ).toEqual(["gopls", "nixfmt"]);
    expect(kinds.get("there")?.length).toBeGreaterThan(80);
  });
});
