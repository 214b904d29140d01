import { expect, test } from "vitest";
import { ownerOf, packageName } from "../../../src/nix/diagnose/owner.ts";

const project = { ownNames: ["mdtoc", "md-core"], requested: ["mdtoc-0.3.0"] };

test.each([
  ["mdtoc-0.3.0", "own"],
  ["mdtoc-clippy-0.3.0", "own"],
  ["mdtoc-0.3.0-fmt", "own"],
  ["md-core-1.0.0", "own"],
  ["rust_md-core-1.0.0", "own"],
  ["mdtoc-deps-0.3.0", "own-deps"],
  ["rust_serde-1.0.200", "nixpkgs"],
  ["openssl-3.0.13", "nixpkgs"],
  ["mdtoc-extra-1.0", "nixpkgs"],
  ["mdtoc-0.3.0-vendor", "fetch"],
  ["mdtoc-0.3.0-vendor-staging", "fetch"],
  ["cargo-vendor-dir", "fetch"],
  ["crate-serde-1.0.200.tar.gz", "fetch"],
  ["cargo-package-serde-1.0.200", "fetch"],
  ["cargo-src-mdtoc", "fetch"],
  ["vendor-registry", "fetch"],
  ["linkLockedDeps", "fetch"],
  ["download-serde-1.0.200", "fetch"],
  ["crates-io-dependencies", "fetch"],
  ["git-dependencies", "fetch"],
])("%s: %s", (name, owner) => {
  expect(ownerOf(name, project)).toBe(owner);
});

test("what was asked for is the project's own, whatever it is called; a download is a download", () => {
  expect(ownerOf("strange", { ownNames: [], requested: ["strange"] })).toBe("own");
  expect(ownerOf("strange-deps-1", { ownNames: [], requested: ["strange-1"] })).toBe("own-deps");
  expect(ownerOf("source", { ...project, fixedOutput: true })).toBe("fetch");
});

test("a package's name ends before the first dash that no letter follows", () => {
  expect(["hello-2.12.1", "app-deps-0.1.0", "lib_x", "a-1b-2"].map(packageName)).toEqual(["hello", "app-deps", "lib_x", "a"]);
});
