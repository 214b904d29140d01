import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { insideJail, nameInJail } from "../../../src/repo/workspace/jail.ts";

let base: string;
let root: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "jail ü'-")));
  root = join(base, "tree");
  await mkdir(join(root, "src"), { recursive: true });
  await mkdir(join(root, ".git"));
  await mkdir(join(base, "tree-beside"));
  await writeFile(join(root, "src/main.rs"), "");
  await symlink("/etc", join(root, "etc"));
  await symlink("/nonexistent/file", join(root, "dangling"));
  await symlink("src", join(root, "inner"));
  await symlink(".git", join(root, "g"));
  await symlink("../tree-beside", join(root, "beside"));
  await symlink("loop", join(root, "loop"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe("insideJail", () => {
  it.each([
    ["src/main.rs", "src/main.rs"],
    ["./src/../src/main.rs", "src/main.rs"],
    ["inner/main.rs", "inner/main.rs"],
    ["new/deep/file.nix", "new/deep/file.nix"],
    ["inner/new.nix", "inner/new.nix"],
    [".", ""],
  ])("lets %s through", async (path, expected) => {
    expect(await insideJail(root, path)).toBe(expected === "" ? root : join(root, expected));
  });

  it.each([
    "../x",
    "src/../../x",
    "/etc/passwd",
    "etc/passwd",
    "etc",
    "dangling",
    "dangling/x",
    ".git/config",
    "sub/.GIT/config",
    "src/../.GIT/config",
    "g/config",
    "beside/x",
    "loop",
    "a\0b",
  ])("refuses %j", async (path) => {
    await expect(insideJail(root, path)).rejects.toThrowError(
      /leaves the repository|is absolute|belongs to git|into \.git|NUL byte|levels of links/u,
    );
  });
});

describe("nameInJail", () => {
  it.each([
    ["src/main.rs", "src/main.rs"],
    ["./new/..//src/main.rs", "src/main.rs"],
    ["inner/main.rs", "src/main.rs"],
    ["inner/new/file.nix", "src/new/file.nix"],
  ])("gives the one name of %s", async (path, expected) => {
    expect(await nameInJail(root, path)).toBe(expected);
  });

  it("refuses what insideJail refuses", async () => {
    await expect(nameInJail(root, "beside/x")).rejects.toThrowError(/leaves the repository/u);
  });
});
