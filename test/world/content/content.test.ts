import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadContent } from "../../../src/world/content/content.ts";
import { miniWorld, WORLD_TOML } from "../mini-world.ts";
import { temporaryFolder, temporaryTree, writeTree } from "../tree.ts";

const REVISION = "1".repeat(40);

describe("a good world", () => {
  test("is indexed whole", async () => {
    const { directory, revisions } = await miniWorld(
      {
        "Owner/Repo": {
          default: "main",
          complete: true,
          refs: { main: { "flake.nix": "{ }" }, "release/1.0": { "flake.nix": "{ }" } },
        },
      },
      {
        "github/fork/repo/refs.toml": 'tree-from = "owner/repo"\n',
        "crates/serde_json-1.0.0-rc.1/Cargo.toml": "",
        "crates/a-b-0.1.0.crate": "bytes",
        "git/git.example/deep/path/world-git.toml": 'tags = ["v1"]\n',
        "git/git.example/deep/path/inner/world-git.toml": "a file like any other",
        "git/git.example/other.bundle": "bytes",
        "files/host.example/a/b%3Fq%3D1": "bytes",
        "DIFFERENCES.md": "",
      },
    );
    const { content, problems } = await loadContent(directory);
    expect(problems).toEqual([]);
    const revision = revisions["Owner/Repo main"];
    expect(content?.repositories.get("owner/repo")).toMatchObject({
      owner: "Owner",
      name: "Repo",
      default: "main",
      complete: true,
      isFork: false,
      refs: new Map([
        ["main", revision],
        ["release/1.0", revision],
      ]),
    });
    expect(content?.repositories.get("fork/repo")).toMatchObject({
      owner: "fork",
      name: "repo",
      default: "main",
      complete: true,
      isFork: true,
    });
    expect([...(content?.repositories.get("fork/repo")?.trees.keys() ?? [])]).toEqual([revision]);
    expect([...(content?.crates ?? [])].map(([name, [crate]]) => [name, crate?.version])).toEqual([
      ["a-b", "0.1.0"],
      ["serde_json", "1.0.0-rc.1"],
    ]);
    expect([...(content?.git.keys() ?? [])]).toEqual(["git.example/deep/path", "git.example/other"]);
    expect(content?.files).toEqual(new Map([["host.example/a/b%3Fq%3D1", join(directory, "files/host.example/a/b%3Fq%3D1")]]));
  });

  test("has a hash that sees every file", async () => {
    const { directory } = await miniWorld({});
    const before = (await loadContent(directory)).content?.hash;
    await writeTree(directory, { "README.md": "one more" });
    expect((await loadContent(directory)).content?.hash).not.toBe(before);
  });

  test("may hold trees with real revisions and recorded archives", async () => {
    const other = "2".repeat(40);
    const directory = await temporaryTree({
      "world.toml": WORLD_TOML,
      "github/o/r/refs.toml": `default = "main"\n[refs]\nmain = "${REVISION}"\nold = "${other}"\n`,
      [`github/o/r/${REVISION}/flake.nix`]: "{ }",
      [`github/o/r/${other}.tar.gz`]: "bytes",
    });
    const { content, problems } = await loadContent(directory);
    expect(problems).toEqual([]);
    expect(content?.repositories.get("o/r")?.trees.get(other)).toEqual({
      source: { archive: join(directory, `github/o/r/${other}.tar.gz`) },
      lastModified: 1,
    });
  });
});

describe("a world with a mistake says file, line and next move", () => {
  const messages = async (directory: string): Promise<unknown[]> =>
    (await loadContent(directory)).problems.map(({ file, line, message, next }) => [
      file.slice(directory.length + 1),
      line,
      message,
      next,
    ]);

  test("no world.toml", async () => {
    const directory = await temporaryFolder();
    expect(await messages(directory)).toEqual([
      ["world.toml", undefined, "there is no world here (world.toml is missing)", "name the folder that holds world.toml"],
    ]);
  });

  test("no folder at all", async () => {
    expect((await loadContent("/nonexistent/world")).problems).toMatchObject([{ file: "/nonexistent/world/world.toml" }]);
  });

  test("an edited tree and one not sealed yet", async () => {
    const { directory, revisions } = await miniWorld({ "o/r": { default: "main", refs: { main: { a: "1" } } } });
    const tree = `github/o/r/${revisions["o/r main"]}`;
    await writeTree(directory, { [`${tree}/b`]: "2", "github/o/r/new/c": "3" });
    expect(await messages(directory)).toEqual([
      [
        tree,
        undefined,
        expect.stringMatching(/^its content has the revision 0{12}[0-9a-f]{28}: it was edited$/),
        "run `evals world seal` on this world",
      ],
      ["github/o/r/new", undefined, "is not named by a revision (40 hex digits)", "run `evals world seal` on this world"],
    ]);
  });

  test("refs that name nothing", async () => {
    const directory = await temporaryTree({
      "world.toml": WORLD_TOML,
      "github/o/r/refs.toml": `default = "trunk"\n[refs]\nmain = "abc"\nold = "${"2".repeat(40)}"\n[rev."${"3".repeat(40)}"]\nlast-modified = 1\n`,
      [`github/o/r/${REVISION}/a`]: "",
      "github/f/r/refs.toml": 'default = "main"\n\ntree-from = "nobody/r"\n',
      "github/g/r/flake.nix": "",
    });
    expect(await messages(directory)).toEqual([
      ["github/g/r/refs.toml", undefined, "is missing", expect.stringContaining("write it")],
      ["github/f/r/refs.toml", 3, "nobody/r is no repository of this world with trees of its own", "name one that is"],
      ["github/o/r/refs.toml", 1, "the default ref trunk is not among [refs]", "add it; there are main, old"],
      ["github/o/r/refs.toml", 3, '"abc" is not 40 hex digits', "run `evals world seal` on this world"],
      ["github/o/r/refs.toml", 4, `there is no tree ${"2".repeat(40)}`, expect.stringContaining(REVISION)],
      ["github/o/r/refs.toml", 5, `there is no tree ${"3".repeat(40)}`, expect.stringContaining("take the table out")],
    ]);
  });

  test("two repositories that differ in case, strangers, misnamed crates, a git file without its tree", async () => {
    const { directory, revisions } = await miniWorld({ "o/r": { default: "main", refs: { main: { a: "1" } } } });
    const revision = revisions["o/r main"] ?? "";
    await writeTree(directory, {
      "github/O/r/refs.toml": `default = "main"\n[refs]\nmain = "${revision}"\n`,
      [`github/O/r/${revision}/a`]: "1",
      "nixpkgs/default.nix": "",
      "crates/serde.crate": "",
      "crates/rand-0.8/Cargo.toml": "",
      "git/host/path/README": "",
    });
    expect((await messages(directory)).map((message) => (Array.isArray(message) ? message.slice(0, 3) : message))).toEqual([
      ["nixpkgs", undefined, "no folder that a world has"],
      ["github/o/r", undefined, "two repositories differ in upper and lower case only"],
      ["crates/rand-0.8", undefined, "is not named NAME-VERSION or NAME-VERSION.crate"],
      ["crates/serde.crate", undefined, "is not named NAME-VERSION or NAME-VERSION.crate"],
      ["git/host/path/README", undefined, "belongs to no tree with a world-git.toml"],
    ]);
  });

  test("links that would lead out of it", async () => {
    const { directory } = await miniWorld(
      { "o/r": { default: "main", refs: { main: { link: { link: "/etc/passwd" } } } } },
      {
        "files/host/passwd": { link: "/etc/passwd" },
        "crates/a-1.0.0.crate": { link: "/etc/passwd" },
        "crates/b-1.0.0/Cargo.toml": { link: "../../kept-as-a-link" },
        "git/h/x.bundle": { link: "/etc/passwd" },
      },
    );
    expect(await messages(directory)).toEqual(
      ["crates/a-1.0.0.crate", "files/host/passwd", "git/h/x.bundle"].map((file) => [
        file,
        undefined,
        "is a symbolic link outside of a tree",
        "put the file itself there",
      ]),
    );
  });
});
