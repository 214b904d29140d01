import { expect, test } from "vitest";
import { undeclaredArguments } from "../../../../src/nix/recipes/existing/undeclared-arguments.ts";

const names = (source: string): string[] => undeclaredArguments(source).map(({ name, offset }) => `${offset} ${name}`);

test.each<[what: string, source: string, expected: string[]]>([
  ["no inputs at all", "{ outputs = { self, nixpkgs }: { }; }", ["20 nixpkgs"]],
  ["one of two", '{ inputs.a.url = "x"; outputs = { a, b, ... }: { }; }', ["37 b"]],
  ["declared in a set", '{ inputs = { a = { url = "x"; }; b.url = "y"; }; outputs = { self, a, b }: { }; }', []],
  ["a name for all beside the set", '{ inputs.a.url = "x"; outputs = inputs@{ self, a, c }: { }; }', ["50 c"]],
  ["the name behind the set", "{ outputs = { self, d }@inputs: { }; }", ["20 d"]],
  ["a default that is a set", "{ outputs = { self, e ? { f, g }: 1, h }: { }; }", ["20 e", "37 h"]],
  ["one name for all", "{ outputs = inputs: { }; }", []],
  ["inputs that are computed", "{ inputs = import ./inputs.nix; outputs = { self, a }: { }; }", []],
  ["no flake", '{ lib, stdenv }: { outputs = [ "out" ]; }', []],
  ["outputs of a derivation", '{ outputs = [ "out" "dev" ]; }', []],
  ["a fragment", 'inputs.a.url = "x";', []],
  ["what is no Nix", "{ outputs = { self, ", []],
])("%s", (_, source, expected) => {
  expect(names(source)).toEqual(expected);
});
