import { expect, test } from "vitest";
import { judgeWithoutPolicy } from "../../../../src/crq/criteria/judge/flake-inputs.ts";
import type { FlakeInputs, ParsedInput } from "../../../../src/nix/nix.ts";

const flake = (inputs: readonly Omit<ParsedInput, "overrides">[], args: readonly string[]): FlakeInputs => ({
  inputs: inputs.map((input) => ({ ...input, overrides: {} })),
  outputArguments: Object.fromEntries(args.map((name) => [name, false])),
  nixConfig: {},
});

test("inputs that are declared and can be fetched by others are fine", () => {
  expect(
    judgeWithoutPolicy(
      flake(
        [
          { name: "nixpkgs", url: "github:NixOS/nixpkgs" },
          { name: "naersk", url: "github:nix-community/naersk?ref=master" },
          { name: "pkgs", follows: "nixpkgs" },
          { name: "deep", follows: "naersk/nixpkgs" },
        ],
        ["self", "nixpkgs", "naersk", "pkgs"],
      ),
    ),
  ).toEqual([]);
});

test.each(["path:./x", "path:/x", "./x", "../x", "/x", "git+file:///x", "file:///x"])("%s is local", (url) => {
  expect(judgeWithoutPolicy(flake([{ name: "x", url }], []))).toEqual([
    `inputs.x.url = "${url}" is a place on this machine; use a reference that others can fetch`,
  ]);
});

test("undeclared arguments, inputs without a source and follows that lead nowhere are named", () => {
  expect(
    judgeWithoutPolicy(
      flake(
        [{ name: "empty" }, { name: "loose", follows: "nowhere/nixpkgs" }, { name: "own", follows: "own" }],
        ["self", "nixpkgs"],
      ),
    ),
  ).toEqual([
    "outputs takes 'nixpkgs', which inputs does not declare, so Nix would ask a registry for it; declare inputs.nixpkgs.url",
    "inputs.empty has neither url nor follows, so Nix would ask a registry for it",
    "inputs.loose follows 'nowhere/nixpkgs', which is no declared input",
    "inputs.own follows 'own', which is no declared input",
  ]);
});
