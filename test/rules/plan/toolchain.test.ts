import { describe, expect, it } from "vitest";
import type { CargoPackage, CargoProject } from "../../../src/repo/facts.ts";
import type { InputContext } from "../../../src/rules/plan/flake-inputs.ts";
import { chooseToolchain, oldestRelease } from "../../../src/rules/plan/toolchain.ts";

const open: InputContext = {
  policy: undefined,
  nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
  stated: new Map(),
  existing: new Map(),
  locked: false,
};
const closed: InputContext = { ...open, policy: { org: "acme", ref: "^feature/", forks: {}, exceptions: [] } };

const pkg = (rustVersion?: string): CargoPackage => ({
  name: "tally",
  version: "1.0.0",
  versionFrom: "package",
  directory: ".",
  binaries: [],
  library: true,
  hasTests: false,
  pathDependencies: [],
  ...(rustVersion !== undefined && { rustVersion }),
});
const project = (channel?: string, ...rustVersions: readonly string[]): CargoProject => ({
  root: ".",
  workspace: false,
  packages: rustVersions.length > 0 ? rustVersions.map((version) => pkg(version)) : [pkg()],
  defaultMembers: ["tally"],
  lock: { state: "present", crates: [] },
  ...(channel !== undefined && { toolchainFile: { path: "rust-toolchain.toml", channel, components: [], targets: [] } }),
});

describe("chooseToolchain", () => {
  it("takes the Rust of nixpkgs where the project names none", () =>
    expect(chooseToolchain(project(), open, true)).toEqual({ toolchain: { from: "nixpkgs" }, inputs: [], remarks: [] }));

  it("reads a toolchain file through rust-overlay, and gives the oldest promised release a shell", () =>
    expect(chooseToolchain(project("1.95.0", "1.75"), open, true)).toEqual({
      toolchain: { from: "rust-overlay", file: "rust-toolchain.toml" },
      msrv: "1.75.0",
      inputs: ["rust-overlay"],
      remarks: [],
    }));

  it("takes fenix where the documents name it, for a channel as it is", () => {
    const fenix: InputContext = { ...open, stated: new Map([["fenix", { url: "github:nix-community/fenix", source: "docs" }]]) };
    expect(chooseToolchain(project("nightly"), fenix, true)).toMatchObject({ toolchain: { from: "fenix", channel: "nightly" } });
    expect(chooseToolchain(project("1.75"), fenix, true)).toMatchObject({ toolchain: { from: "rust-overlay" } });
  });

  it("stays with nixpkgs where the policy has no place for an overlay, and says so", () =>
    expect(chooseToolchain(project("1.75", "1.70"), closed, true)).toEqual({
      toolchain: { from: "nixpkgs" },
      inputs: [],
      remarks: [
        "`rust-toolchain.toml` names 1.75, and the input policy has no fork or exception for rust-overlay: the Rust of nixpkgs builds instead.",
        "There is no devShells.msrv with Rust 1.70.0: the input policy has no fork or exception for rust-overlay.",
      ],
    }));

  it("brings no new input into a flake that exists", () =>
    expect(chooseToolchain(project("1.75", "1.70"), open, false)).toMatchObject({
      toolchain: { from: "nixpkgs" },
      inputs: [],
      remarks: [expect.stringContaining("the flake that exists has no input that gives it")],
    }));
});

it.each([
  [["1.75"], "1.75.0"],
  [["1.75.1", "1.9"], "1.75.1"],
  [["1.56", "1.100"], "1.100.0"],
  [["stable"], undefined],
  [[], undefined],
])("the oldest release that serves %j is %s", (versions, release) =>
  expect(oldestRelease(project(undefined, ...versions))).toBe(release),
);
