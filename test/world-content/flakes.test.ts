import { describe, expect, test } from "vitest";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

const CRATE: Tree = {
  "Cargo.toml": '[package]\nname = "said"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "said"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() { println!("{}", include_str!("word.txt").trim()); }\n',
  "src/word.txt": "word\n",
};

describe.skipIf(cannotRun !== undefined)("flakes as people write them", () => {
  const { project, nix } = shipped();
  const succeeds = async (cwd: string, ...args: string[]): Promise<string> => {
    const done = await nix(cwd, ...args);
    if (done.exit !== 0) throw new Error(done.stderr);
    return done.stdout;
  };

  test("evaluate for every system, with the usual ways to name sources, inputs and shells", async () => {
    const cwd = await project({
      ...CRATE,
      "nix/package.nix": `{ lib, rustPlatform, pkg-config, openssl, stdenv, darwin }:
        rustPlatform.buildRustPackage rec {
          pname = "said";
          version = (lib.importTOML ../Cargo.toml).package.version;
          src = lib.fileset.toSource { root = ../.; fileset = lib.fileset.unions [ ../Cargo.toml ../Cargo.lock (lib.fileset.fileFilter (f: f.hasExt "rs" || f.hasExt "txt") ../src) ]; };
          cargoLock = { lockFile = ../Cargo.lock; };
          nativeBuildInputs = [ pkg-config ];
          buildInputs = [ openssl ] ++ lib.optionals stdenv.hostPlatform.isDarwin [ darwin.libiconv ];
          meta = with lib; { description = "says a word"; license = with licenses; [ mit asl20 ]; maintainers = [ ]; platforms = platforms.unix; mainProgram = pname; };
        }`,
      "flake.nix": `{
        inputs = {
          nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
          flake-utils.url = "github:numtide/flake-utils";
          naersk = { url = "github:nix-community/naersk"; inputs.nixpkgs.follows = "nixpkgs"; };
        };
        outputs = { self, nixpkgs, flake-utils, naersk, ... }@inputs:
          flake-utils.lib.eachDefaultSystem (system: let
            pkgs = import nixpkgs { inherit system; overlays = [ self.overlays.default ]; config.allowUnfree = true; };
            naersk' = pkgs.callPackage naersk { };
          in rec {
            packages = {
              default = pkgs.callPackage ./nix/package.nix { };
              overlaid = pkgs.said;
              self = naersk'.buildPackage { src = self; };
              clean = naersk'.buildPackage { src = pkgs.lib.cleanSource ./.; };
              chosen = naersk'.buildPackage { src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ ./Cargo.toml ./Cargo.lock ./src ]; }; };
              all = pkgs.symlinkJoin { name = "all"; paths = [ packages.default packages.self ]; };
            };
            apps.default = { type = "app"; program = pkgs.lib.getExe packages.default; };
            devShells.default = with pkgs; mkShell {
              inputsFrom = [ packages.default ];
              buildInputs = [ cargo rustc rustfmt clippy pkg-config openssl ];
              RUST_SRC_PATH = "\${rustPlatform.rustLibSrc}";
              LD_LIBRARY_PATH = lib.makeLibraryPath [ openssl ];
              shellHook = ''echo "hello"'';
            };
            checks.lint = packages.default.overrideAttrs (old: { nativeBuildInputs = old.nativeBuildInputs ++ [ pkgs.clippy ]; buildPhase = "cargo clippy --offline"; installPhase = "touch $out"; });
            checks.run = pkgs.runCommand "run" { nativeBuildInputs = [ packages.default ]; } ''test "$(said)" = word && touch $out'';
            formatter = pkgs.rustfmt;
          }) // { overlays.default = final: prev: { said = final.callPackage ./nix/package.nix { }; }; };
      }`,
    });
    // A first `flake check --no-build` refuses naersk with a root that is a path: "path … is not valid". It does so with the original too,
    // which reads manifests out of a copy that a read-only evaluation does not make.
    expect(await nix(cwd, "flake", "check", "--all-systems", "--no-build")).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/path '\/nix\/store\/\S+' is not valid/),
    });
    await succeeds(cwd, "eval", "--json", ".#packages", "--apply", "builtins.mapAttrs (_: builtins.mapAttrs (_: p: p.drvPath))");
    await succeeds(cwd, "flake", "check", "--all-systems", "--no-build");
    expect(await succeeds(cwd, "run")).toBe("word\n");
    // Without meta.mainProgram nix runs the name without its version, as outside.
    expect(await succeeds(cwd, "run", ".#chosen")).toBe("word\n");
  });

  test("a file that the source filter dropped is missed in the compiler's words", async () => {
    const cwd = await project({
      ...CRATE,
      "flake.nix": `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs";
        outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.${host.system}; inherit (pkgs) lib; in {
          packages.${host.system}.default = pkgs.rustPlatform.buildRustPackage {
            pname = "said"; version = "1"; cargoLock.lockFile = ./Cargo.lock;
            src = lib.sourceFilesBySuffices ./. [ ".rs" ".toml" ".lock" ];
          };
        };
      }`,
    });
    const done = await nix(cwd, "build", "--no-link", "-L");
    expect(done.stderr).toContain("couldn't read `src/word.txt`: No such file or directory");
  });

  test("the forks that a policy asks for serve the same trees on their branches", async () => {
    const cwd = await project({
      ...CRATE,
      "flake.nix": `{
        inputs = {
          nixpkgs.url = "github:meta-introspector/nixpkgs?ref=feature/CRQ-016-nixify";
          naersk.url = "github:meta-introspector/naersk?ref=feature/CRQ-016-nixify";
          naersk.inputs.nixpkgs.follows = "nixpkgs";
          ai-ml-zk-ops.url = "github:meta-introspector/ai-ml-zk-ops?ref=feature/concept-to-nix-8s";
        };
        outputs = { self, nixpkgs, naersk, ai-ml-zk-ops }: {
          packages = nixpkgs.lib.genAttrs ai-ml-zk-ops.lib.systems (system: { default = naersk.lib.\${system}.buildPackage ./.; });
          branch = ai-ml-zk-ops.lib.branchOf "CRQ-016";
        };
      }`,
    });
    expect(await succeeds(cwd, "eval", "--raw", ".#branch")).toBe("feature/CRQ-016-nixify");
    const systems = JSON.parse(
      await succeeds(cwd, "eval", "--json", ".#packages", "--apply", "builtins.mapAttrs (_: p: p.default.name)"),
    );
    expect(systems).toEqual({ "aarch64-linux": "said-0.1.0", "x86_64-linux": "said-0.1.0" });
  });
});
