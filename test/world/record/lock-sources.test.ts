import { expect, test } from "vitest";
import { LockError, lockSources } from "../../../src/world/record/lock-sources.ts";

test("a Cargo.lock gives crates with their checksums, and Git repositories once", () => {
  const lock = `version = 4
[[package]]
name = "app"
version = "0.1.0"
[[package]]
name = "hex"
version = "0.4.3"
source = "registry+https://github.com/orchard/pears.example-index"
checksum = "${"a".repeat(64)}"
[[package]]
name = "tide"
version = "1.0.0"
source = "git+https://git.example/tide?tag=v1#0123"
[[package]]
name = "tide-core"
version = "1.0.0"
source = "git+https://git.example/tide?tag=v1#0123"
[[package]]
name = "inner"
version = "2.0.0"
source = "registry+https://registry.example/index"
`;
  expect(lockSources(lock)).toEqual({
    sources: [
      { url: "https://pears.example/api/v1/crates/hex/0.4.3/download", sha256: "a".repeat(64) },
      { url: "git+https://git.example/tide" },
    ],
    left: ["inner 2.0.0: of another registry (registry+https://registry.example/index); give its crate with --url"],
  });
});

test("a flake.lock gives archives, repositories and files", () => {
  const rev = "0".repeat(40);
  const nodes = {
    root: { inputs: {} },
    nixpkgs: { locked: { type: "github", owner: "NixOS", repo: "nixpkgs", rev } },
    tide: { locked: { type: "git", url: "https://git.example/tide?ref=main", rev } },
    data: { locked: { type: "tarball", url: "https://data.example/x.tar.gz" } },
    near: { locked: { type: "path", path: "../near" } },
    lab: { locked: { type: "gitlab", owner: "a", repo: "b", rev } },
  };
  expect(lockSources(JSON.stringify({ nodes, root: "root", version: 7 }))).toEqual({
    sources: [
      { url: `https://github.com/NixOS/nixpkgs/archive/${rev}.tar.gz` },
      { url: "git+https://git.example/tide" },
      { url: "https://data.example/x.tar.gz" },
    ],
    left: ["lab: an input of type gitlab is recorded with --flake only"],
  });
});

test("anything else is refused with a reason", () => {
  expect(() => lockSources("{")).toThrow(LockError);
  expect(() => lockSources("= no toml")).toThrow(LockError);
  expect(() => lockSources("{}")).toThrow(/neither a Cargo.lock nor a flake.lock/);
});
