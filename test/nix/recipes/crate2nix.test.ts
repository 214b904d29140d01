import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderFlake } from "../../../src/nix/recipes/flake-file.ts";
import type { FlakePlan } from "../../../src/nix/recipes/plan.ts";
import { readmeCommands } from "../../../src/nix/recipes/readme-section.ts";
import { parseNix } from "./nix-command.ts";
import { greet, NIXPKGS, plain } from "./plans.ts";

const CRATE2NIX = {
  name: "crate2nix",
  url: "github:nix-community/crate2nix",
  follows: { nixpkgs: "nixpkgs" },
  used: true,
} as const;

const UTILS = { name: "flake-utils", url: "github:numtide/flake-utils", follows: {}, used: true } as const;

const plan: FlakePlan = { ...plain, builder: "crate2nix", inputs: [NIXPKGS, CRATE2NIX] };

const withNeeds: FlakePlan = {
  ...plan,
  nativeBuildInputs: [{ attribute: "pkg-config" }, { attribute: "cmake" }],
  buildInputs: [{ attribute: "openssl" }, { attribute: "alsa-lib", only: "linux" }],
  environment: { OPENSSL_NO_VENDOR: "1", GREETING: "hi" },
  crateNeeds: [
    {
      crate: "openssl-sys",
      nativeBuildInputs: [{ attribute: "pkg-config" }],
      buildInputs: [{ attribute: "openssl" }],
      environment: { OPENSSL_NO_VENDOR: "1" },
    },
    {
      crate: "alsa-sys",
      nativeBuildInputs: [{ attribute: "pkg-config" }],
      buildInputs: [{ attribute: "alsa-lib", only: "linux" }],
      environment: {},
    },
  ],
};

const workspace: FlakePlan = {
  ...plan,
  packages: [{ ...greet, member: true }],
  tests: [{ attribute: "test", crate: "greet", version: greet.version, workspace: true }],
  lints: [{ attribute: "clippy", tool: "clippy" }],
  testHome: true,
};

describe("a flake of crate2nix", () => {
  it("imports the file that is checked in, and offers the program that writes it anew", () => {
    const text = renderFlake(plan);
    expect(text).toContain(`        cargoNix = import ./Cargo.nix {
          inherit pkgs;
          defaultCrateOverrides = pkgs.defaultCrateOverrides // crateOverrides;
        };
        generatedCargoNix = crate2nix.tools.\${pkgs.stdenv.hostPlatform.system}.generatedCargoNix {
          name = "greet";
          src = ./.;
        };
`);
    expect(text).toContain(`          greet = cargoNix.workspaceMembers.greet.build;

          regenerate-cargo-nix = pkgs.writeShellApplication {
            name = "regenerate-cargo-nix";
            runtimeInputs = [ crate2nix.packages.\${system}.default ];
            text = ''
              if [ ! -e 'Cargo.toml' ]; then
                echo 'run this in the folder of flake.nix' >&2
                exit 1
              fi
              crate2nix generate "$@"
            '';
          };
`);
    expect(text).toContain('program = "${self.packages.${system}.regenerate-cargo-nix}/bin/regenerate-cargo-nix";');
    // Neither of these is imported: evaluating builds nothing.
    expect(text).not.toContain("appliedCargoNix");
  });

  it("checks the tests, and that the file is what the tool writes, by building and not by importing", () => {
    expect(renderFlake(plan)).toContain(`          greet = cargoNix.workspaceMembers.greet.build.override {
            runTests = true;
          };

          cargo-nix = pkgs.runCommand "cargo-nix" { } ''
            if ! diff <(sed '/^#/d' \${./Cargo.nix}) <(sed '/^#/d' \${generatedCargoNix}/crate/Cargo-generated.nix); then
`);
  });

  it("compares names and versions where crates come from git, which the tool would fetch while evaluating", () => {
    const text = renderFlake({ ...plan, vendoring: { mode: "cargoLock", gitDependencies: true } });
    expect(text).not.toContain("generatedCargoNix");
    expect(text).toContain("locked = (builtins.fromTOML (builtins.readFile ./Cargo.lock)).package;");
  });

  it("gives each crate what it needs and no other, and the project's own what belongs to none", () => {
    expect(renderFlake(withNeeds)).toContain(`        crateOverrides = {
          openssl-sys = _: {
            nativeBuildInputs = [ pkgs.pkg-config ];
            buildInputs = [ pkgs.openssl ];
            OPENSSL_NO_VENDOR = "1";
          };
          alsa-sys = _: {
            nativeBuildInputs = [ pkgs.pkg-config ];
            buildInputs = lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.alsa-lib ];
          };
          greet = _: {
            nativeBuildInputs = [ pkgs.cmake ];
            GREETING = "hi";
            meta = {
              description = "Greets people";
              mainProgram = "greet";
            };
          };
        };
`);
    // The shell is for cargo, which builds all of them at once.
    expect(renderFlake(withNeeds)).toContain(`            nativeBuildInputs = [
              pkgs.pkg-config
              pkgs.cmake
            ];
`);
  });

  it("runs the tests of every member of a workspace, each with a HOME, and lints with cargo", () => {
    const text = renderFlake(workspace);
    expect(text).toContain("builtins.mapAttrs (");
    expect(text).toContain('testPreRun = "export HOME=$(mktemp -d)";');
    expect(text).toContain("clippy = pkgs.rustPlatform.buildRustPackage");
  });

  it("tells people in the README when to write the file anew", () => {
    expect(readmeCommands(plan)).toEqual([
      "nix build .#greet",
      "nix run .#greet",
      "nix develop",
      "nix flake check",
      "nix run .#regenerate-cargo-nix",
    ]);
  });

  it("builds with the project's own toolchain", () => {
    const text = renderFlake({
      ...plan,
      toolchain: { from: "rust-overlay", file: "rust-toolchain.toml" },
      inputs: [NIXPKGS, CRATE2NIX, { name: "rust-overlay", url: "github:oxalica/rust-overlay", follows: {}, used: true }],
    });
    expect(text).toContain(`          buildRustCrateForPkgs = pkgs: pkgs.buildRustCrate.override {
            rustc = rustToolchain;
            cargo = rustToolchain;
          };
`);
  });

  it.each([
    ["plain", plan],
    ["with needs", withNeeds],
    ["a workspace", workspace],
    ["a workspace by flake-utils", { ...workspace, inputs: [...plan.inputs, UTILS], eachSystem: "flake-utils" }],
    ["below the flake", { ...plan, cargoRoot: "app", source: "." }],
    ["in a folder of its own", { ...plan, cargoRoot: "app", source: "app" }],
    ["with crates from git", { ...workspace, vendoring: { mode: "cargoLock", gitDependencies: true } }],
  ] satisfies readonly (readonly [string, FlakePlan])[])("parses: %s", async (_name, variant) => {
    await parseNix(renderFlake(variant));
  });

  it("parses whatever the crates, folders and variables are called", async () => {
    const name = fc.stringMatching(/^[A-Za-z][\w '$"-]{0,8}$/);
    const folder = fc.constantFrom(".", "app", "it's a folder", "a/b ü", "${x}");
    await fc.assert(
      fc.asyncProperty(name, name, folder, async (crate, variable, cargoRoot) => {
        const text = renderFlake({
          ...plan,
          cargoRoot,
          packages: [{ ...greet, crate, attribute: crate, mainProgram: variable }],
          environment: { [variable]: crate },
          crateNeeds: [{ crate, nativeBuildInputs: [], buildInputs: [], environment: { [variable]: "''${crate}" } }],
        });
        await parseNix(text);
      }),
      { numRuns: 15 },
    );
  });
});
