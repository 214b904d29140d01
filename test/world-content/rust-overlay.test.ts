import { describe, expect, test } from "vitest";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

/** The Rust of the world is the host's: which one that is no evaluation knows, and these tests ask it. */
const RUST = host.toolchain.rustc ?? "";

const plain = (outputs: string, files: Tree = {}): Tree => ({
  "Cargo.toml": '[package]\nname = "plain"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "plain"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() {\n    println!("hi");\n}\n',
  "flake.nix": `{
    inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    inputs.rust-overlay = { url = "github:oxalica/rust-overlay"; inputs.nixpkgs.follows = "nixpkgs"; };
    outputs = { self, nixpkgs, rust-overlay }: let
      system = "${host.system}";
      pkgs = import nixpkgs { inherit system; overlays = [ rust-overlay.overlays.default ]; };
      inherit (pkgs) rust-bin;
      package = toolchain: (pkgs.makeRustPlatform { cargo = toolchain; rustc = toolchain; }).buildRustPackage {
        pname = "plain"; version = "0.1.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock;
      };
    in { ${outputs} };
  }`,
  ...files,
});

describe.skipIf(cannotRun !== undefined)("rust-overlay in the shipped world", () => {
  const { project, built, failure, nix, confined, value } = shipped();
  /** The value of an expression over `rust-bin`, or what Nix says against it. */
  const FROM = `let rust-bin = (builtins.getFlake "github:oxalica/rust-overlay").lib.mkRustBin { } pkgs; in`;
  const rust = (expression: string): Promise<unknown> => value(`${FROM} ${expression}`);
  const refusal = async (expression: string): Promise<string> => {
    const said = await rust(expression).then(
      (evaluated) => new Error(`evaluated to ${JSON.stringify(evaluated)}, though it must not`),
      (error: unknown) => String(error),
    );
    if (said instanceof Error) throw said;
    return said.slice(said.lastIndexOf("error: ") + "error: ".length);
  };

  test("the host's Rust builds by its version, by its minor version in a toolchain file, and as the latest one", async () => {
    const minor = RUST.split(".").slice(0, 2).join(".");
    const cwd = await project(
      plain(
        `packages.\${system} = {
          default = package rust-bin.stable.latest.minimal;
          version = package rust-bin.stable."${RUST}".default;
          file = package (rust-bin.fromRustupToolchainFile ./rust-toolchain.toml);
        };`,
        {
          "rust-toolchain.toml": `[toolchain]\nchannel = "${minor}"\nprofile = "minimal"\ncomponents = ["clippy", "rust-src"]\n`,
        },
      ),
    );
    for (const attribute of ["default", "version", "file"]) {
      expect(await confined(`${await built(cwd, attribute)}/bin/plain`)).toMatchObject({ exit: 0, stdout: "hi\n" });
    }
  });

  test("a toolchain has the tools of its profile and no others, is its own sysroot, and brings the linker", async () => {
    const cwd = await project(
      plain(`devShells.\${system} = {
        default = pkgs.mkShellNoCC { packages = [ (rust-bin.stable.latest.default.override { extensions = [ "rust-src" ]; }) ]; };
        minimal = pkgs.mkShellNoCC { packages = [ rust-bin.stable.latest.minimal ]; };
      };`),
    );
    const inside = (shell: string, script: string) => nix(cwd, "develop", `.#${shell}`, "-c", "bash", "-c", script);
    const whole = await inside(
      "default",
      "rustc --version; rustc --print sysroot; cargo run --quiet; cargo clippy --quiet && cargo fmt --check && cargo doc --quiet && ls -d $(rustc --print sysroot)/lib/rustlib/src/rust/library; type -P cc",
    );
    expect(whole).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(
        new RegExp(
          `^rustc ${RUST.replaceAll(".", "\\.")} .*\\n(/nix/store/[a-z0-9]{32}-rust-default-host)\\nhi\\n\\1/lib/rustlib/src/rust/library\\n/nix/store/.*/bin/cc\\n$`,
        ),
      ),
    });
    const minimal = await inside(
      "minimal",
      "cargo build --quiet && for tool in cargo-clippy cargo-fmt rustfmt rust-analyzer; do type -P $tool; done; cargo clippy",
    );
    expect(minimal).toMatchObject({ exit: 101, stdout: "" });
    expect(minimal.stderr).toContain("error: no such command: `clippy`");
  });

  test("a compiler alone has no standard library", async () => {
    const cwd = await project(
      plain(
        `packages.\${system}.default = package (pkgs.symlinkJoin { name = "two"; paths = [ rust-bin.stable.latest.rustc rust-bin.stable.latest.cargo ]; });`,
      ),
    );
    expect(await failure(cwd, "default")).toContain("can't find crate for `std`");
  });

  test("another release evaluates, and says while building why it cannot be had", async () => {
    const cwd = await project(
      plain(`packages.\${system} = {
          old = rust-bin.stable."1.70.0".minimal;
          night = rust-bin.selectLatestNightlyWith (toolchain: toolchain.default.override { extensions = [ "miri" ]; });
          target = rust-bin.stable.latest.default.override { targets = [ "x86_64-unknown-illumos" ]; };
          miri = rust-bin.stable.latest.rustc-dev;
        };
        devShells.\${system}.msrv = pkgs.mkShell { packages = [ rust-bin.stable."1.70.0".default ]; };`),
    );
    expect(await nix(cwd, "eval", "--raw", `.#devShells.${host.system}.msrv.drvPath`)).toMatchObject({ exit: 0 });
    const old = await failure(cwd, "old");
    expect(old).toMatch(
      /error: the Rust of this world is the host's, [0-9.]+: '(rustc|cargo|rust-std)' of 1\.70\.0 cannot be had here\./,
    );
    expect(old).toMatch(/-(rustc|cargo|rust-std)-1\.70\.0-\S+\.drv' failed with exit code 1/);
    expect(await failure(cwd, "night")).toMatch(
      /error: the Rust of this world is the host's, [0-9.]+: '\S+' of 1\.100\.0-nightly-2026-08-22 cannot/,
    );
    expect(await failure(cwd, "target")).toContain("comes without a standard library for x86_64-unknown-illumos");
    expect(await failure(cwd, "miri")).toContain("comes without it (component 'rustc-dev')");
  });

  test("what a release does not have is refused while evaluating", async () => {
    const refused = {
      '(rust-bin.fromRustupToolchain { channel = "nightly-2026-09-30"; }).name': "Nightly 2026-09-30 is not available",
      '(rust-bin.fromRustupToolchain { channel = "beta-2026-01-11"; }).name': "Beta 2026-01-11 is not available",
      '(rust-bin.fromRustupToolchain { channel = "1.94.7"; }).name': "Stable 1.94.7 is not available",
      '(rust-bin.fromRustupToolchain { channel = "1.20"; }).name': "No stable 1.20.* is available",
      '(rust-bin.fromRustupToolchain { channel = "stabel"; }).name': "Unknown channel: stabel",
      '(rust-bin.fromRustupToolchain { channel = "1.85.0"; profile = "tiny"; }).name': "Rust 1.85.0 doesn't have profile `tiny`.",
      "(rust-bin.fromRustupToolchain { components = [ ]; }).name": "`channel` is required",
      '(rust-bin.fromRustupToolchain { channel = "stable"; target = [ ]; }).name':
        "function 'fromRustupToolchain' called with unexpected argument 'target'",
      'rust-bin.nightly."2019-01-01".default.name': "attribute '\"2019-01-01\"' missing",
      '(rust-bin.stable."1.85.0".default.override { extensions = [ "rust-sorce" ]; }).drvPath':
        "Component resolution failed for rust-default-1.85.0",
    };
    const said = await Promise.all(Object.keys(refused).map(async (expression) => (await refusal(expression)).split("\n")[0]));
    expect(said).toEqual(Object.values(refused));
    const [unknown, nowhere, target] = await Promise.all([
      refusal('(rust-bin.stable."1.85.0".default.override { extensions = [ "rust-sorce" ]; }).drvPath'),
      refusal('(rust-bin.stable."1.85.0".default.override { extensions = [ "miri" ]; }).drvPath'),
      refusal('(rust-bin.stable."1.85.0".default.override { targets = [ "wasm32-wasi" ]; }).drvPath'),
    ]);
    expect(unknown).toContain("Unknown component `rust-sorce`, typo or not support by this version?");
    expect(nowhere).toMatch(/Host component `miri` doesn't support `\S+-unknown-linux-gnu`/);
    expect(target).toContain("Unknown target `wasm32-wasi`, typo or not supported by this version?");
  });

  test("names, versions and choices are those of the original", async () => {
    expect(
      await value(`let
        overlay = builtins.getFlake "github:oxalica/rust-overlay";
        pkgs = import nixpkgs { system = "x86_64-linux"; overlays = [ (import overlay) ]; };
        inherit (pkgs) rust-bin;
        name = drv: builtins.seq drv.drvPath drv.name;
      in {
        component = name rust-bin.stable."1.48.0".rustc;
        short = rust-bin.stable."1.48.0".rustfmt == rust-bin.stable."1.48.0".rustfmt-preview;
        early = rust-bin.stable."1.30.0" ? rustfmt;
        profile = name rust-bin.stable."1.51.0".minimal;
        beta = name rust-bin.beta."2026-01-10".rustc;
        night = name (rust-bin.fromRustupToolchainFile (builtins.toFile "rust-toolchain" "nightly-2026-01-01\\n"));
        toml = (rust-bin.fromRustupToolchainFile (builtins.toFile "rust-toolchain.toml" ''
          [toolchain]
          channel = "1.51.0"
          components = [ "rustfmt", "rustc-dev" ]
          targets = [ "wasm32-unknown-unknown" ]
        '')) == rust-bin.stable."1.51.0".default.override { extensions = [ "rustfmt" "rustc-dev" ]; targets = [ "wasm32-unknown-unknown" ]; };
        minor = name (rust-bin.fromRustupToolchain { channel = "1.84"; });
        tooEarly = (builtins.tryEval (rust-bin.fromRustupToolchain { channel = "1.29.0"; profile = "minimal"; })).success;
        chosen = name (rust-bin.selectLatestNightlyWith (toolchain: toolchain.default));
        mozilla = map name [ pkgs.latest.rustChannels.beta.rustc (pkgs.rustChannelOf { channel = "nightly"; date = "2026-01-01"; }).cargo ];
        packages = map name [ overlay.packages.x86_64-linux.rust_1_80_1 overlay.packages.x86_64-linux.rust_1_80_1.minimal overlay.packages.x86_64-linux.default ];
        systems = builtins.mapAttrs (_: set: name set.rust_1_90_0) { inherit (overlay.packages) aarch64-linux aarch64-darwin; };
        main = rust-bin.stable."1.85.0".cargo.meta.mainProgram;
      }`),
    ).toEqual({
      component: "rustc-1.48.0-x86_64-unknown-linux-gnu",
      short: true,
      early: false,
      profile: "rust-minimal-1.51.0",
      beta: "rustc-1.93.0-beta.6-2026-01-10-x86_64-unknown-linux-gnu",
      night: "rust-default-1.94.0-nightly-2026-01-01",
      toml: true,
      minor: "rust-default-1.84.1",
      tooEarly: false,
      chosen: "rust-default-1.100.0-nightly-2026-08-22",
      mozilla: [
        "rustc-1.99.0-beta.1-2026-08-18-x86_64-unknown-linux-gnu",
        "cargo-1.94.0-nightly-2026-01-01-x86_64-unknown-linux-gnu",
      ],
      packages: ["rust-default-1.80.1", "rust-minimal-1.80.1", "rust-default-host"],
      systems: { "aarch64-darwin": "rust-default-1.90.0", "aarch64-linux": "rust-default-1.90.0" },
      main: "cargo",
    });
  });
});
