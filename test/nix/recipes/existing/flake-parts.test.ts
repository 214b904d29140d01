import { describe, expect, it } from "vitest";
import { flakeParts } from "../../../../src/nix/recipes/existing/flake-parts.ts";
import { renderFlake } from "../../../../src/nix/recipes/flake-file.ts";
import { plain } from "../plans.ts";

const inputs = (text: string) =>
  Object.fromEntries([...flakeParts(text).inputs].map(([name, { url, follows }]) => [name, { url, follows }]));

describe("flakeParts", () => {
  it("reads inputs in all their spellings", () => {
    const text = `{
      inputs.one.url = "github:a/one";
      inputs = {
        two = { url = "github:a/two"; inputs.nixpkgs.follows = "one"; };
        three.url = "github:a/three"; # three.url = "no";
        three.inputs.x.follows = "two";
        "four".url = "github:a/four";
      };
      outputs = _: { };
    }`;
    expect(inputs(text)).toEqual({
      one: { url: "github:a/one", follows: {} },
      two: { url: "github:a/two", follows: { nixpkgs: "one" } },
      three: { url: "github:a/three", follows: { x: "two" } },
      four: { url: "github:a/four", follows: {} },
    });
  });

  it("finds what a flake of the recipes declares", () => {
    const parts = flakeParts(renderFlake(plain));
    expect(parts.description).toBe("Greets people");
    expect(parts.systems).toEqual(["x86_64-linux", "aarch64-linux"]);
    expect(parts.outputs).toMatchObject({ kind: "plain", names: [["packages"], ["checks"], ["devShells"]], takesMore: false });
    expect(parts.outputs?.binds("forEachSystem")).toBe(true);
    expect(parts.outputs?.binds("pkgs")).toBe(false);
  });

  it("looks into eachDefaultSystem", () => {
    const text = `{
      outputs = { self, nixpkgs, flake-utils, ... }@inputs:
        flake-utils.lib.eachDefaultSystem (system:
          let pkgs = import nixpkgs { inherit system; };
          in { packages.default = pkgs.hello; devShell = with pkgs; mkShell { }; });
    }`;
    const { outputs } = flakeParts(text);
    expect(outputs).toMatchObject({ kind: "perSystem", names: [["packages", "default"], ["devShell"]], takesMore: true });
    expect(outputs?.binds("pkgs")).toBe(true);
    expect(text[outputs?.close ?? 0]).toBe("}");
  });

  it("makes nothing of outputs it does not understand", () => {
    expect(flakeParts("{ outputs = inputs: inputs.parts.lib.mkFlake { } { systems = [ ]; }; }").outputs).toBeUndefined();
    expect(flakeParts("").inputs.size).toBe(0);
  });
});
