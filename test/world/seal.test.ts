import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadContent } from "../../src/world/content/content.ts";
import { WorldError } from "../../src/world/problem.ts";
import { sealWorld } from "../../src/world/seal.ts";
import { WORLD_TOML } from "./mini-world.ts";
import { temporaryTree, writeTree } from "./tree.ts";

const REAL = "a".repeat(40);

const draft = (): Promise<string> =>
  temporaryTree({
    "world.toml": WORLD_TOML,
    "github/o/r/refs.toml": `# kept\ndefault = "new"\n[refs]\nnew = "new" # the ref is called like its tree\n"release/1" = 'new'\nreal = "${REAL}"\n\n[rev.new]\nlast-modified = 7\n`,
    "github/o/r/new/flake.nix": "{ }",
    [`github/o/r/${REAL}/flake.nix`]: "{ }",
    "github/fork/r/refs.toml": 'default = "main"\ntree-from = "o/r"\n[refs]\nmain = "new"\n',
  });

describe("sealWorld", () => {
  test("names edited trees by their content, in refs.toml too, and leaves real revisions and comments", async () => {
    const directory = await draft();
    const sealed = await sealWorld(directory);
    const to = sealed[0]?.to ?? "";
    expect(sealed).toEqual([{ repository: "github/o/r", from: "new", to: expect.stringMatching(/^0{12}[0-9a-f]{28}$/) }]);
    expect((await readdir(join(directory, "github/o/r"))).sort()).toEqual([to, REAL, "refs.toml"].sort());
    expect(await readFile(join(directory, "github/o/r/refs.toml"), "utf8")).toBe(
      `# kept\ndefault = "new"\n[refs]\nnew = "${to}" # the ref is called like its tree\n"release/1" = "${to}"\nreal = "${REAL}"\n\n[rev."${to}"]\nlast-modified = 7\n`,
    );
    expect(await readFile(join(directory, "github/fork/r/refs.toml"), "utf8")).toBe(
      `default = "main"\ntree-from = "o/r"\n[refs]\nmain = "${to}"\n`,
    );
    expect((await loadContent(directory)).problems).toEqual([]);
  });

  test("has nothing to do the second time, and follows the next edit", async () => {
    const directory = await draft();
    const [first] = await sealWorld(directory);
    expect(await sealWorld(directory)).toEqual([]);
    await writeTree(directory, { [`github/o/r/${first?.to}/README`]: "edited" });
    expect(await sealWorld(directory)).toEqual([
      { repository: "github/o/r", from: first?.to, to: expect.not.stringMatching(first?.to ?? "") },
    ]);
    expect((await loadContent(directory)).problems).toEqual([]);
  });

  test("changes nothing where two trees would get one name", async () => {
    const directory = await draft();
    await writeTree(directory, { "github/o/r/twin/flake.nix": "{ }" });
    await expect(sealWorld(directory)).rejects.toThrow(/is the same tree as twin; next: remove one of the two/);
    expect(await readdir(join(directory, "github/o/r"))).toContain("new");
  });

  test("changes nothing where a refs.toml does not parse", async () => {
    const directory = await draft();
    await writeTree(directory, { "github/p/r/refs.toml": "default = \n" });
    await expect(sealWorld(directory)).rejects.toThrow(WorldError);
    expect(await readdir(join(directory, "github/o/r"))).toContain("new");
  });
});
