import { describe, expect, it } from "vitest";
import { latticePlaceOf } from "../../../../src/crq/criteria/judge/lattice-place.ts";

const PLAN = `schema = "crq-lattice/1"
nixpkgs = "github:NixOS/nixpkgs/nixos-26.05"
systems = ["x86_64-linux"]
[[node]]
name = "config"
kind = "config"
[[node]]
name = "low"
kind = "crate"
`;

const tree = (files: Readonly<Record<string, string>>) => ({
  paths: Object.keys(files),
  read: async (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined),
});

const FILES = {
  "flake.nix": "",
  "lat/lattice.toml": PLAN,
  "lat/flake.nix": "",
  "lat/config/flake.nix": "",
  "lat/generated/low/flake.nix": "",
  "lat/stray/flake.nix": "",
  "steps/step.nix": "",
  "steps/flake.nix": "",
  "steps/step001/flake.nix": "",
  "steps/stepfather/flake.nix": "",
};
const LATTICE = ["lat", "lat/config", "lat/generated/low"];
const STEPS = ["steps", "steps/step001"];

const nodesFor = async (folder: string, files: Readonly<Record<string, string>> = FILES): Promise<readonly string[]> => [
  ...((await latticePlaceOf(folder, tree(files)))?.nodes ?? []),
];

describe("the flakes that one may take by a relative path", () => {
  it("are its neighbours, inside a lattice or the steps of a build", async () => {
    expect([await nodesFor("lat"), await nodesFor("lat/generated/low"), await nodesFor("steps/step001")]).toEqual([
      LATTICE,
      LATTICE,
      STEPS,
    ]);
  });

  it("are those of every lattice, for a flake outside of all", async () => {
    expect([await nodesFor("."), await nodesFor("tools/extra")]).toEqual([
      [...LATTICE, ...STEPS],
      [...LATTICE, ...STEPS],
    ]);
  });

  it("are none for a flake that lies in a lattice and is not planned there", async () => {
    expect([await nodesFor("lat/stray"), await nodesFor("steps/stepfather")]).toEqual([[], []]);
  });

  it("are none where there is no lattice, or its plan cannot be read", async () => {
    expect([await nodesFor(".", { "flake.nix": "" }), await nodesFor(".", { "lat/lattice.toml": "schema = " })]).toEqual([
      [],
      [],
    ]);
  });
});
