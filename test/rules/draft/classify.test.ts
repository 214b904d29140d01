import { describe, expect, it } from "vitest";
import { classifyTask } from "../../../src/rules/draft/classify.ts";

describe("classifyTask", () => {
  it.each([
    ["nixify this Rust project using our vendored naersk", "nixify"],
    ["Add a Nix flake to this project so that everybody builds it the same way", "nixify"],
    ["We want to build this with Nix: package, dev shell and checks please", "nixify"],
    ["please package our tool for nix", "nixify"],
    ["port the build to Nix", "nixify"],
    ["Give our crate a flake as docs/nix.md says", "nixify"],
    ["Build this workspace with Nix as docs/building.md says", "nixify"],
    ["get the flake's failing build fixed", "fix"],
    ["fix our flake", "fix"],
    ["the flake fails to evaluate", "fix"],
    ["finish the half-finished flake", "fix"],
    ["document how to build with nix", "docs"],
    ["explain the flake in the README", "docs"],
    ["build a flake lattice", "lattice"],
    ["describe each compiler call of the bootstrap", "steps"],
    ["rename the crates", "refactor"],
    ["write up the outage of Monday", "incident"],
    ["make it faster", undefined],
    ["", undefined],
  ])("%s → %s", (task, kind) => expect(classifyTask(task)).toBe(kind));
});
