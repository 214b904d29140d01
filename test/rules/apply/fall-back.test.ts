import { describe, expect, it } from "vitest";
import { renderFlake } from "../../../src/nix/recipes/flake-file.ts";
import type { FlakePlan } from "../../../src/nix/recipes/plan.ts";
import {
  withBuildRustPackage,
  withNixpkgsToolchain,
  withoutInput,
  withoutMissing,
  withoutOptionalCheck,
  withPrintedHashes,
} from "../../../src/rules/apply/fall-back.ts";
import { NIXPKGS, plain } from "../../nix/recipes/plans.ts";

const CRANE = { name: "crane", url: "github:ipetkov/crane", follows: {}, used: true } as const;
const OVERLAY = {
  name: "rust-overlay",
  url: "github:oxalica/rust-overlay",
  follows: { nixpkgs: "nixpkgs" },
  used: true,
} as const;
const crane: FlakePlan = { ...plain, builder: "crane", builderByDefault: true, inputs: [NIXPKGS, CRANE], singleStep: true };
const pinned: FlakePlan = {
  ...crane,
  inputs: [NIXPKGS, CRANE, OVERLAY],
  toolchain: { from: "rust-overlay", file: "rust-toolchain.toml" },
  msrv: "1.70.0",
};

describe("a plan that does with less", () => {
  it("builds with one hash over all crates where dummy sources do not work", () => {
    const plan = withBuildRustPackage(crane, "its dependency step fails", "cargoHash");
    expect(plan).toEqual({
      ...crane,
      builder: "buildRustPackage",
      inputs: [NIXPKGS],
      vendoring: { mode: "cargoHash" },
      singleStep: false,
      remarks: ["buildRustPackage builds the project instead of crane: its dependency step fails."],
    });
    expect(renderFlake(plan)).toContain("cargoHash = lib.fakeHash;");
  });

  it("leaves an input declared that somebody asked for", () => {
    const { builderByDefault: _, ...named } = crane;
    expect(withBuildRustPackage(named, "it fails", "cargoHash").inputs).toEqual([NIXPKGS, { ...CRANE, used: false }]);
  });

  it("drops a check only when it is optional", () => {
    const lints = [
      { attribute: "clippy", tool: "clippy" },
      { attribute: "fmt", tool: "fmt", optional: true },
    ] as const;
    const plan = withoutOptionalCheck({ ...plain, lints }, "checks.x86_64-linux.fmt", "Diff in src/main.rs\n-a\n+b");
    expect(plan).toEqual({
      ...plain,
      lints: [{ attribute: "clippy", tool: "clippy" }],
      remarks: ["checks.fmt is left out, since the project as it is does not pass it: Diff in src/main.rs"],
    });
    expect(withoutOptionalCheck({ ...plain, lints }, "checks.x86_64-linux.clippy", "a lint")).toBeUndefined();
    expect(withoutOptionalCheck({ ...plain, lints }, "packages.x86_64-linux.fmt", "a package of that name")).toBeUndefined();
  });

  it("does without a formatter that nobody asks for, and keeps one that somebody does", () => {
    const formatted: FlakePlan = { ...plain, formatter: "nixfmt" };
    expect(withoutMissing({ ...formatted, optionalFormatter: true }, "nixfmt")).toEqual({
      ...plain,
      remarks: ["There is no formatter: the locked nixpkgs has no nixfmt."],
    });
    expect(withoutMissing(formatted, "nixfmt")).toBeUndefined();
  });

  it("runs tests by cargo where there is no nextest", () => {
    const test = { attribute: "nextest", crate: "greet", version: plain.packages[0]?.version, workspace: false } as const;
    const { version } = test;
    if (!version) throw new Error("no version");
    const tests = [{ ...test, version, runner: "nextest" as const }];
    expect(withoutMissing({ ...plain, tests }, "cargo-nextest")?.tests).toEqual([{ ...test, version }]);
    expect(
      withoutMissing({ ...plain, tests: tests.map((one) => ({ ...one, optional: true as const })) }, "cargo-nextest")?.tests,
    ).toEqual([]);
  });

  it("takes the Rust of nixpkgs where the overlay lacks the release, and keeps the overlay for the shell that needs it", () =>
    expect(withNixpkgsToolchain(pinned, "Stable 1.94.7 is not available")).toEqual({
      ...pinned,
      toolchain: { from: "nixpkgs" },
      remarks: [
        "The Rust of nixpkgs builds the project instead of the one that rust-toolchain.toml names: Stable 1.94.7 is not available",
      ],
    }));

  it("does without inputs that do not exist and nobody named", () => {
    expect(withoutInput(crane, "https://api.github.com/repos/ipetkov/crane/commits/HEAD")?.builder).toBe("buildRustPackage");
    const { builderByDefault: _, ...named } = crane;
    expect(withoutInput(named, "https://api.github.com/repos/ipetkov/crane/commits/HEAD")).toBeUndefined();
    const { msrv: __, ...rest } = pinned;
    expect(withoutInput(pinned, "https://api.github.com/repos/oxalica/rust-overlay/commits/HEAD")).toEqual({
      ...rest,
      toolchain: { from: "nixpkgs" },
      inputs: [NIXPKGS, CRANE],
      remarks: [
        "rust-overlay cannot be had here: the Rust of nixpkgs builds instead of the one that rust-toolchain.toml names, and there is no devShells.msrv with Rust 1.70.0.",
      ],
    });
    expect(withoutInput(crane, "https://api.github.com/repos/NixOS/nixpkgs/commits/nixos-26.05")).toBeUndefined();
  });

  it("keeps the hash that Nix printed", () => {
    const hash = "sha256-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const plan: FlakePlan = { ...plain, vendoring: { mode: "cargoHash" } };
    const text = renderFlake(plan).replace("lib.fakeHash", `"${hash}"`);
    expect(renderFlake(withPrintedHashes(plan, text))).toContain(`cargoHash = "${hash}";`);
    expect(withPrintedHashes(plain, text)).toBe(plain);
  });
});
