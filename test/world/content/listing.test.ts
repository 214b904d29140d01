import { createHash } from "node:crypto";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { execute } from "../../../src/system/process.ts";
import {
  leavesBelow,
  listingHash,
  listTree,
  madeUpRevision,
  sha256,
  UnlistableError,
} from "../../../src/world/content/listing.ts";
import { temporaryTree } from "../tree.ts";

describe("listTree", () => {
  test("lists files, programs and links by the bytes of their paths, and no empty folder", async () => {
    // U+FFFD sorts before U+1F600 in bytes and after it in UTF-16; "a.b" before "a/b" in both.
    const folder = await temporaryTree({
      "a/b": "1",
      "a.b": "2",
      ﾟ: "3",
      "😀": "4",
      run: { program: "#!" },
      to: { link: "a/../a.b" },
    });
    await mkdir(join(folder, "empty", "emptier"), { recursive: true });
    expect(await listTree(folder)).toEqual([
      { path: "a.b", mode: "100644", sha256: sha256("2"), size: 1 },
      { path: "a/b", mode: "100644", sha256: sha256("1"), size: 1 },
      { path: "run", mode: "100755", sha256: sha256("#!"), size: 2 },
      { path: "to", mode: "120000", sha256: sha256("a/../a.b"), size: 8 },
      { path: "ﾟ", mode: "100644", sha256: sha256("3"), size: 1 },
      { path: "😀", mode: "100644", sha256: sha256("4"), size: 1 },
    ]);
  });

  test("does not follow a link to a folder", async () => {
    const folder = await temporaryTree({ "real/file": "x", loop: { link: "." } });
    expect((await listTree(folder)).map(({ path }) => path)).toEqual(["loop", "real/file"]);
  });

  test("refuses what a tarball of a repository cannot hold", async () => {
    const folder = await temporaryTree({ file: "x" });
    await execute({ argv: ["mkfifo", join(folder, "pipe")], cwd: folder, env: { PATH: "/usr/bin:/bin" }, timeoutMs: 5_000 });
    await expect(listTree(folder)).rejects.toThrow(UnlistableError);
  });
});

describe("listingHash", () => {
  test("is the sha256 of path, mode and content hash of each leaf", async () => {
    const leaves = await listTree(await temporaryTree({ b: "two", a: { program: "one" } }));
    const expected = createHash("sha256")
      .update(`a\0${"100755"}\0${sha256("one")}\nb\0${"100644"}\0${sha256("two")}\n`)
      .digest("hex");
    expect(listingHash(leaves)).toBe(expected);
    expect(madeUpRevision(leaves)).toBe(`000000000000${expected.slice(0, 28)}`);
  });

  test("sees a change of content, of name and of the program bit", async () => {
    const hashOf = async (entries: Parameters<typeof temporaryTree>[0]): Promise<string> =>
      listingHash(await listTree(await temporaryTree(entries)));
    const hashes = await Promise.all([
      hashOf({ a: "x" }),
      hashOf({ a: "y" }),
      hashOf({ b: "x" }),
      hashOf({ a: { program: "x" } }),
      hashOf({ a: { link: "x" } }),
    ]);
    expect(new Set(hashes).size).toBe(5);
  });

  test("does not see a change of other mode bits", async () => {
    const folder = await temporaryTree({ a: "x" });
    const before = listingHash(await listTree(folder));
    await chmod(join(folder, "a"), 0o600);
    expect(listingHash(await listTree(folder))).toBe(before);
  });
});

test("leavesBelow takes a folder's leaves, not those of a folder whose name begins alike", async () => {
  const leaves = await listTree(await temporaryTree({ "git/x": "1", "github/y": "2" }));
  expect(leavesBelow(leaves, "git").map(({ path }) => path)).toEqual(["x"]);
});
