import { describe, expect, test } from "vitest";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

/** What the original READMEs of naersk and flake-utils tell people to write, in our words and names. */
describe.skipIf(cannotRun !== undefined)("the stand-ins take what the originals' documents show", () => {
  const { project, nix, value } = shipped();

  const CRATE: Tree = {
    "Cargo.toml": '[package]\nname = "tool"\nversion = "0.5.0"\nedition = "2021"\n',
    "Cargo.lock": 'version = 4\n\n[[package]]\nname = "tool"\nversion = "0.5.0"\n',
    "src/main.rs": "fn main() {}\n",
  };
  const FLAKE = (outputs: string): string => `{
    inputs = {
      flake-utils.url = "github:numtide/flake-utils";
      naersk = { url = "github:nix-community/naersk"; inputs.nixpkgs.follows = "nixpkgs"; };
      nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    };
    outputs = { self, flake-utils, naersk, nixpkgs, ... }: ${outputs};
  }`;
  const evaluated = async (files: Tree, attribute: string, apply = "x: x"): Promise<unknown> => {
    const done = await nix(await project(files), "eval", "--json", `.#${attribute}`, "--apply", apply);
    if (done.exit !== 0) throw new Error(done.stderr);
    return JSON.parse(done.stdout);
  };

  test("naersk: package, modes and shell for each default system", async () => {
    const outputs = FLAKE(`flake-utils.lib.eachDefaultSystem (system: let
      pkgs = (import nixpkgs) { inherit system; };
      builder = pkgs.callPackage naersk { };
    in {
      packages.default = builder.buildPackage { src = ./.; };
      packages.short = builder.buildPackage ./.;
      packages.check = builder.buildPackage { src = ./.; mode = "check"; };
      packages.test = builder.buildPackage { src = ./.; mode = "test"; };
      packages.clippy = builder.buildPackage { src = ./.; mode = "clippy"; };
      packages.example = builder.buildPackage {
        pname = "one-example";
        src = ./.;
        overrideMain = old: { preConfigure = ''cargo_build_options="$cargo_build_options --example one"''; };
      };
      packages.passed = builder.buildPackage { src = ./.; buildInputs = [ pkgs.zlib ]; SOME_VARIABLE = "yes"; };
      packages.changed = builder.buildPackage { src = ./.; override = old: { OTHER = "x"; }; cargoBuildOptions = given: given ++ [ "--locked" ]; };
      packages.single = (builder.buildPackage { src = ./.; singleStep = true; }).overrideAttrs (old: { buildInputs = old.buildInputs ++ [ pkgs.zlib ]; });
      packages.own = (naersk.lib.\${system}.override { cargo = pkgs.cargo; rustc = pkgs.rustc; }).buildPackage { root = ./.; };
      devShell = pkgs.mkShell { nativeBuildInputs = with pkgs; [ rustc cargo ]; };
    })`);
    const names = await evaluated(
      { ...CRATE, "flake.nix": outputs },
      "packages",
      "all: builtins.mapAttrs (system: set: builtins.mapAttrs (name: p: builtins.seq p.drvPath p.name) set) all",
    );
    const each = Object.fromEntries(
      ["default", "short", "check", "test", "clippy", "example", "passed", "changed", "single", "own"].map((name) => [
        name,
        "tool-0.5.0",
      ]),
    );
    expect(names).toEqual({ "aarch64-darwin": each, "aarch64-linux": each, "x86_64-darwin": each, "x86_64-linux": each });
  });

  test("naersk: unknown arguments reach the derivation, its own do not", async () => {
    const outputs =
      FLAKE(`{ seen = let p = naersk.lib.${host.system}.buildPackage { src = ./.; SOME_VARIABLE = "yes"; copyLibs = true; }; in {
      passed = p.SOME_VARIABLE; own = p ? copyLibs; dependencies = map (d: d.name) p.builtDependencies; nested = (builtins.head p.builtDependencies).SOME_VARIABLE; }; }`);
    expect(await evaluated({ ...CRATE, "flake.nix": outputs }, "seen")).toEqual({
      passed: "yes",
      own: false,
      dependencies: ["tool-deps-0.5.0"],
      nested: "yes",
    });
  });

  test.each([
    [
      "no lock file",
      "{ src = ./sub; }",
      "Naersk requires Cargo.lock to be available in root. Check that it is not in .gitignore and stage it",
    ],
    [
      "an option instead of a function",
      '{ src = ./.; cargoBuildOptions = [ "--locked" ]; }',
      "cargoBuildOptions should be a function from list to list, but is a list",
    ],
    ["an unknown mode", '{ src = ./.; mode = "bench"; }', "Unknown mode bench, allowed modes: build, check, test, clippy"],
    ["no source", "{ }", "please specify either 'src' or 'root'"],
  ])("naersk refuses %s", async (_what, argument, message) => {
    const files = {
      ...CRATE,
      "sub/Cargo.toml": CRATE["Cargo.toml"] ?? "",
      "flake.nix": FLAKE(`{ x = (naersk.lib.${host.system}.buildPackage ${argument}).drvPath; }`),
    };
    await expect(evaluated(files, "x")).rejects.toThrow(message);
  });

  test("flake-utils: functions over systems", async () => {
    const result = await value(`let u = flake-utils.lib; in {
      map = u.system.x86_64-linux;
      slip = u.system ? x86-64_linux;
      systems = u.defaultSystems;
      each = u.eachSystem [ u.system.x86_64-linux ] (system: { hello = 42; });
      pass = u.eachSystemPassThrough [ "a" "b" ] (system: { \${system} = 1; });
      eachMap = u.eachSystemMap [ "a" ] (system: system + "!");
      all = builtins.elem "x86_64-windows" u.allSystems && builtins.elem "riscv64-linux" u.allSystems;
      tree = builtins.attrNames (u.flattenTree { inherit (pkgs) hello; tools = lib.recurseIntoAttrs { inherit (pkgs) jq; }; hidden = { inherit (pkgs) jq; }; });
      kept = builtins.attrNames (u.filterPackages system { inherit (pkgs) hello; broken = pkgs.hello // { meta.broken = true; }; });
      app = let app = u.mkApp { drv = pkgs.hello; }; in [ app.type (lib.removePrefix "\${pkgs.hello}" app.program) ];
      exe = lib.removePrefix "\${pkgs.hello}" (u.mkApp { drv = pkgs.hello; exePath = "/x"; }).program;
    }`);
    expect(result).toEqual({
      map: "x86_64-linux",
      slip: false,
      systems: ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"],
      // An impure evaluation, as this one is, also gets the machine's own system.
      each: { hello: { [host.system]: 42, "x86_64-linux": 42 } },
      pass: { a: 1, b: 1, [host.system]: 1 },
      eachMap: { a: "a!" },
      all: true,
      tree: ["hello", "tools/jq"],
      kept: ["hello"],
      app: ["app", "/bin/hello"],
      exe: "/x",
    });
  });

  test("flake-utils: a package and an app for each default system, and the systems replaced", async () => {
    const flake = `{
      inputs.systems.url = "github:nix-systems/x86_64-linux";
      inputs.flake-utils.url = "github:numtide/flake-utils";
      inputs.flake-utils.inputs.systems.follows = "systems";
      inputs.all.url = "github:numtide/flake-utils";
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      outputs = { self, nixpkgs, flake-utils, all, ... }: let
        per = utils: utils.lib.eachDefaultSystem (system: let pkgs = nixpkgs.legacyPackages.\${system}; in {
          packages = rec { hello = pkgs.hello; default = hello; };
          apps = rec { hello = utils.lib.mkApp { drv = self.packages.\${system}.hello; }; default = hello; };
        });
      in per flake-utils // { everywhere = per all; };
    }`;
    const cwd = await project({ "flake.nix": flake });
    const one = await nix(cwd, "eval", "--json", ".#packages", "--apply", "builtins.mapAttrs (_: builtins.attrNames)");
    const all = await nix(cwd, "eval", "--json", ".#everywhere.apps", "--apply", "builtins.attrNames");
    expect([JSON.parse(one.stdout), JSON.parse(all.stdout)]).toEqual([
      { "x86_64-linux": ["default", "hello"] },
      ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"],
    ]);
  });

  test("flake-utils: simpleFlake", async () => {
    const cwd = await project({
      "flake.nix": `{
        inputs.flake-utils.url = "github:numtide/flake-utils";
        inputs.nixpkgs.url = "github:NixOS/nixpkgs";
        outputs = { self, nixpkgs, flake-utils }: flake-utils.lib.simpleFlake { inherit self nixpkgs; name = "mine"; overlay = ./overlay.nix; shell = ./shell.nix; };
      }`,
      "overlay.nix": "final: prev: { mine = { greeting = final.hello; defaultPackage = final.hello; }; }",
      "shell.nix": "{ pkgs }: pkgs.mkShell { packages = [ pkgs.mine.greeting ]; }",
    });
    const shown = await nix(cwd, "eval", "--json", ".#legacyPackages", "--apply", `all: builtins.attrNames all.${host.system}`);
    const shell = await nix(cwd, "eval", "--raw", `.#devShell.${host.system}.name`);
    expect([JSON.parse(shown.stdout), shell.stdout]).toEqual([["defaultPackage", "greeting"], "nix-shell"]);
  });
});
