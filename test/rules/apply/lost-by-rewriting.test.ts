import { describe, expect, it } from "vitest";
import { lostByRewriting } from "../../../src/rules/apply/lost-by-rewriting.ts";

const flake = (inside: string, besides = ""): string => `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { self, nixpkgs }: {
    packages.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.rustPlatform.buildRustPackage {
      pname = "tally";
      src = ./.;
      ${inside}
    };
    ${besides}
  };
}
`;

const written = flake("doCheck = true;");

describe("what a flake would lose, were it written anew", () => {
  it.each([
    [
      "a check of the installed program",
      "doInstallCheck = true;\n installCheckPhase = ''$out/bin/tally --version'';",
      ["doInstallCheck", "installCheckPhase"],
    ],
    ["a hook", "preBuild = ''export STAMP=1'';", ["preBuild"]],
    ["patches", "patches = [ ./fix.patch ];", ["patches"]],
    ["what is tested", 'cargoTestFlags = [ "--workspace" ];', ["cargoTestFlags"]],
  ])("is %s", (_, inside, lost) => {
    expect(lostByRewriting(flake(inside), written)).toEqual(lost);
  });

  it("is an output that no recipe writes", () => {
    expect(lostByRewriting(flake("", "overlays.default = final: prev: { };"), written)).toEqual(["overlays"]);
  });

  it.each([
    ["what is written again", "preBuild = ''export A=1'';", flake("preBuild = ''export A=1'';")],
    ["what is commented out", "# installCheckPhase = ''true'';", written],
    ["a word of a script", "buildCommand = ''preBuild = 1'';", written],
    ["an argument of another name", 'version = "1"; strictDeps = true; meta.mainProgram = "tally";', written],
  ])("is not %s", (_, inside, again) => {
    expect(lostByRewriting(flake(inside), again)).toEqual([]);
  });
});
