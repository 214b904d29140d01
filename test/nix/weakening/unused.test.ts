import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { isUnused } from "../../../src/nix/weakening/unused.ts";
import { git } from "../../../src/system/git.ts";
import { place } from "../../program/place.ts";

/** Whether nothing of a commit refers to a file: in doubt something does. */
test.each([
  ["by its path", { "flake.nix": "{ a = import ./nix/farm.nix; }" }, "nix/farm.nix", false],
  ["by a path without its ending", { "flake.nix": "{ imports = map (n: ./nix + n) [ /farm ]; }" }, "nix/farm.nix", false],
  ["by a script", { "ci.sh": "nix-build nix/farm.nix" }, "nix/farm.nix", false],
  ["by a folder that is read", { "flake.nix": "{ a = builtins.readDir ./nix; }" }, "nix/farm.nix", false],
  ["by a name that is put together", { "flake.nix": "{ a = n: import ./nix/${n}.nix; }" }, "nix/farm.nix", false],
  ["by a glob", { Makefile: "check:\n\tnix-build nix/*.nix\n" }, "nix/farm.nix", false],
  ["by its place", { "flake.nix": "{ a = import ./nix; }" }, "nix/default.nix", false],
  ["in prose alone", { "flake.nix": "{ }", "README.md": "See nix/farm.nix." }, "nix/farm.nix", true],
  ["by nothing", { "flake.nix": "{ a = import ./nix/shell.nix; }", "nix/shell.nix": "{ }" }, "nix/farm.nix", true],
  ["by itself", { "flake.nix": "{ }", "nix/farm.nix": "{ name = ''farm''; }" }, "nix/farm.nix", true],
])("%s", async (_, files, path, unused) => {
  const at = await place();
  const repo = await at.repository({ [path]: "{ }", ...files });
  expect(await isUnused(repo, "HEAD", path)).toBe(unused);
  // What the worktree says now is not asked.
  await mkdir(dirname(join(repo, "later.nix")), { recursive: true });
  await writeFile(join(repo, "later.nix"), "import ./nix/farm.nix");
  await git(["add", "later.nix"], { cwd: repo });
  expect(await isUnused(repo, "HEAD", path)).toBe(unused);
});
