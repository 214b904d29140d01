import { describe, expect, test } from "vitest";
import { plain, RUST } from "./rust-overlay-project.ts";
import { cannotRun, shipped } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("rust-overlay in the shipped world", () => {
  const { project, nix, value } = shipped();
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
