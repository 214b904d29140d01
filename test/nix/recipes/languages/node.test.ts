import { describe, expect, it } from "vitest";
import { renderNodeFlake } from "../../../../src/nix/recipes/languages/node/flake-file.ts";
import type { NodeFlakePlan } from "../../../../src/nix/recipes/languages/node/plan.ts";
import { parseNix } from "../nix-command.ts";
import { NIXPKGS } from "../plans.ts";

const plan: NodeFlakePlan = {
  inputs: [NIXPKGS],
  systems: ["x86_64-linux"],
  root: ".",
  name: "reed",
  packageName: "@meadow/reed",
  version: "1.0.0",
  licenses: ["mit"],
  nodejs: "nodejs",
  dependencies: "lock",
  emptyCache: false,
  installsNothing: true,
  tests: false,
  packsWithoutScripts: false,
  environment: [],
  programs: ["reed"],
  scopedBin: false,
};

describe("the flake of a project for Node.js that installs nothing", () => {
  it("makes the folder that nixpkgs' installation copies without asking for it, below the package's own name", async () => {
    const flake = renderNodeFlake(plan);
    await parseNix(flake);
    expect(flake).toContain('mkdir -p "$out/lib/node_modules/@meadow/reed/node_modules"');
  });

  it("and that of one that does, or of workspaces, does not", () => {
    expect(renderNodeFlake({ ...plan, installsNothing: false })).not.toContain("preInstall =");
    const workspaces = { folders: ["a"], programs: [], buildsEach: false, testsEach: false };
    expect(renderNodeFlake({ ...plan, workspaces })).not.toContain("preInstall =");
  });
});
