import { mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folderArgument, nixpkgsArgument } from "../../../src/jobs/work/generate/arguments.ts";

/** What a model that means harm would give a generator. */

it("takes no folder outside of the repository, of git, or behind a link that leaves", async () => {
  const directory = await mkdtemp(join(tmpdir(), "crq-arguments-"));
  await symlink("/etc", join(directory, "link"));
  const given = ["/etc", "..", "../x", "a/../../x", ".git", ".git/hooks", "a/.git/x", "link", "link/x", "a\0b"];
  expect(await Promise.all(given.map((folder) => folderArgument(directory, folder)))).toEqual(
    given.map((folder) => ({ problem: `${folder} is no folder inside the repository.` })),
  );
  expect(await folderArgument(directory, "./a//b/../c/")).toEqual({ value: "a/c" });
});

it("takes no nixpkgs of this machine or of a registry, with and without a policy, nor one that the policy refuses", () => {
  const today = "2026-11-20";
  const given = [
    "path:/x",
    "path:./x",
    "./x",
    "/x",
    "git+file:///x",
    "file:///x",
    "nixpkgs",
    "flake:nixpkgs",
    "",
    "github:a/b\n--impure",
  ];
  const refused = given.map((url) => ({ problem: `nixpkgs = "${url}" is no reference that others can fetch.` }));
  const inputPolicy = { org: "acme", ref: "^main$", transitive: "warn" as const, forks: {}, exception: [] };
  expect(given.map((url) => nixpkgsArgument(url, { inputPolicy: undefined }, today))).toEqual(refused);
  expect(given.map((url) => nixpkgsArgument(url, { inputPolicy }, today))).toEqual(refused);
  const upstream = "github:NixOS/nixpkgs/nixos-26.05";
  const fork = "github:acme/nixpkgs?ref=main";
  expect(nixpkgsArgument(upstream, { inputPolicy: undefined }, today)).toEqual({ value: upstream });
  expect(nixpkgsArgument(fork, { inputPolicy }, today)).toEqual({ value: fork });
  expect(nixpkgsArgument(upstream, { inputPolicy }, today)).toEqual({ problem: expect.stringContaining("nixpkgs") });
});
