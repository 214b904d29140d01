import { describe, expect, test } from "vitest";
import { nearNames } from "../../../src/nix/questions/near-names.ts";

const SET = [
  "bash",
  "cargo",
  "nil",
  "nix",
  "nix-tree",
  "nixpkgs-fmt",
  "nixpkgs-review",
  "openssl",
  "pkg-config",
  "rustfmt",
  "xorg-server",
];

describe("names near one that is not there", () => {
  test.each([
    ["a slip", "opensll", ["openssl"]],
    ["the name of a library's other side", "libopenssl-sys", ["openssl"]],
    ["one word for two", "nixfmt", ["nixpkgs-fmt"]],
    ["the same in a longer name", "nixfmt-rfc-style", ["nixpkgs-fmt"]],
    ["two words for one", "rust-fmt", ["rustfmt"]],
    ["another program for the same work", "alejandra", ["nixpkgs-fmt"]],
    ["a shared part that tells nothing", "display-server", []],
    ["a shared beginning alone", "nixops", []],
    ["a shared end alone", "shfmt", []],
    ["nothing like it", "gopls", []],
  ])("%s", (_, wanted, near) => {
    expect(nearNames(wanted, SET)).toEqual(near);
  });

  test("parts count the other way too, and what is nearer comes first", () => {
    expect(nearNames("nixpkgs-fmt", ["nixfmt-tree", "nixfmt"])).toEqual(["nixfmt", "nixfmt-tree"]);
    expect(nearNames("nixfmt", ["alejandra", "nixfmt-tree", "nixfm"])).toEqual(["nixfm", "nixfmt-tree", "alejandra"]);
  });

  test("so many and no more, of a set of any size and names of any length", () => {
    const many = Array.from({ length: 40_000 }, (_, at) => `nixfmt-${at}-${"a-".repeat(at % 50)}b`);
    expect(nearNames("nixfmt", many)).toHaveLength(8);
    expect(nearNames("a-".repeat(5_000), many)).toEqual([]);
  });
});
