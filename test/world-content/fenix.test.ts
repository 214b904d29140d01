import { describe, expect, test } from "vitest";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

/** The Rust of the world is the host's: which one that is no evaluation knows, and these tests ask it. */
const RUST = host.toolchain.rustc ?? "";
const IFD = ["--option", "allow-import-from-derivation", "true"] as const;

const plain = (outputs: string, files: Tree = {}): Tree => ({
  "Cargo.toml": '[package]\nname = "plain"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "plain"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() {\n    println!("hi");\n}\n',
  "flake.nix": `{
    inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    inputs.fenix = { url = "github:nix-community/fenix"; inputs.nixpkgs.follows = "nixpkgs"; inputs.rust-analyzer-src.follows = ""; };
    outputs = { self, nixpkgs, fenix }: let
      system = "${host.system}";
      pkgs = nixpkgs.legacyPackages.\${system};
      inherit (nixpkgs) lib;
      rust = fenix.packages.\${system};
      package = toolchain: (pkgs.makeRustPlatform { cargo = toolchain; rustc = toolchain; }).buildRustPackage {
        pname = "plain"; version = "0.1.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock;
      };
    in { ${outputs} };
  }`,
  ...files,
});

describe.skipIf(cannotRun !== undefined)("fenix in the shipped world", () => {
  const { project, built, failure, nix, confined, value } = shipped();

  test("the stable channel is the host's Rust: whole, by components, and combined", async () => {
    const cwd = await project(
      plain(`
        packages.\${system} = {
          default = package rust.stable.toolchain;
          components = package (rust.stable.withComponents [ "cargo" "rustc" "rust-src" ]);
          combined = package (rust.combine [ rust.stable.cargo rust.stable.rustc-unwrapped rust.stable.rust-std ]);
          bare = package (rust.combine [ rust.stable.cargo rust.stable.rustc-unwrapped ]);
          analyzer = rust.stable.rust-analyzer;
        };
        devShells.\${system}.default = pkgs.mkShellNoCC { packages = [ rust.stable.defaultToolchain ]; };
      `),
    );
    for (const attribute of ["default", "components", "combined"]) {
      expect(await confined(`${await built(cwd, attribute)}/bin/plain`)).toMatchObject({ exit: 0, stdout: "hi\n" });
    }
    expect(await failure(cwd, "bare")).toContain("can't find crate for `std`");
    expect(await failure(cwd, "analyzer")).toContain("comes without rust-analyzer (component 'rust-analyzer-preview')");
    // Unlike rust-overlay's, this toolchain brings no linker.
    const shell = await nix(cwd, "develop", "-c", "bash", "-c", "rustc --version && cargo fmt --check && cargo build --quiet");
    expect(shell).toMatchObject({ exit: 101, stdout: expect.stringMatching(new RegExp(`^rustc ${RUST} `)) });
    expect(shell.stderr).toContain("error: linker `cc` not found");
  });

  test("nightly and beta evaluate, and say while building why they cannot be had", async () => {
    const cwd = await project(
      plain(
        `packages.\${system} = { default = package rust.minimal.toolchain; beta = rust.beta.cargo; latest = rust.latest.miri; };`,
      ),
    );
    const said = await Promise.all(["default", "beta", "latest"].map((attribute) => failure(cwd, attribute)));
    expect(
      said.map((log) => /the Rust of this world is the host's, [0-9.]+: '\S+' of (\S+) cannot be had here/.exec(log)?.[1]),
    ).toEqual(["1.99.0-nightly", "1.98.0-beta.6", "1.99.0-nightly"]);
  });

  test("a toolchain file wants the hash of its manifest, which is fetched while evaluating", async () => {
    const minor = RUST.split(".").slice(0, 2).join(".");
    const files = (sha256: string, channel = minor): Tree =>
      plain(
        `packages.\${system}.default = package (rust.fromToolchainFile { file = ./rust-toolchain.toml; sha256 = ${sha256}; });`,
        {
          "rust-toolchain.toml": `[toolchain]\nchannel = "${channel}"\ncomponents = ["clippy"]\nprofile = "minimal"\n`,
        },
      );
    const faked = await project(files("lib.fakeSha256"));
    expect(await failure(faked, "default")).toMatch(
      /cannot build '\/nix\/store\/[a-z0-9]+-channel-rust-\S+\.toml\.drv(\^out)?' during evaluation because the option 'allow-import-from-derivation' is disabled/,
    );
    const asked = await nix(faked, "build", ...IFD, "--no-link");
    expect(asked.stderr).toContain(`-channel-rust-${minor}.toml.drv':`);
    const hash = /got: +(sha256-\S+)/.exec(asked.stderr)?.[1] ?? "none";
    const right = await nix(await project(files(`"${hash}"`)), "build", ...IFD, "--no-link", "--print-out-paths");
    expect(await confined(`${right.stdout.trim()}/bin/plain`)).toMatchObject({ exit: 0, stdout: "hi\n" });
    // The hash of another channel's manifest is found out, as outside: the fetch has another name.
    const stale = await nix(await project(files(`"${hash}"`, "1.90.0")), "build", ...IFD, "--no-link");
    expect(stale.stderr).toMatch(
      /hash mismatch in fixed-output derivation '\/nix\/store\/[a-z0-9]+-channel-rust-1\.90\.0\.toml\.drv':/,
    );
    const never = await nix(await project(files("lib.fakeSha256", "nightly-2026-02-30")), "build", ...IFD, "--no-link", "-L");
    expect(never.stderr).toContain("curl: (22) The requested URL returned error: 404");
  });

  test("names and choices are those of the original", async () => {
    const FENIX = `let fenix = builtins.getFlake "github:nix-community/fenix"; rust = fenix.packages.x86_64-linux; in`;
    expect(
      await value(`${FENIX} let name = drv: builtins.seq drv.drvPath drv.name; in {
        toolchain = name rust.stable.toolchain;
        component = name rust.beta.rustfmt;
        compiler = [ (name rust.stable.rustc) (name rust.stable.rustc.unwrapped) (name rust.stable.rustc-unwrapped) ];
        clippy = name rust.complete.clippy;
        chosen = name (rust.stable.withComponents [ "cargo" "clippy" ]);
        combined = name (rust.combine [ rust.minimal.cargo rust.targets.wasm32-unknown-unknown.latest.rust-std ]);
        profiles = map name [ rust.stable.minimalToolchain rust.stable.completeToolchain ];
        night = name rust.default.toolchain;
        dotted = name fenix.packages.x86_64-linux."stable.cargo";
        overlay = name (import nixpkgs { system = "aarch64-darwin"; overlays = [ fenix.overlays.default ]; }).fenix.stable.cargo;
        manifest = name (rust.fromManifest { date = "2025-02-20"; pkg.cargo = { version = "1.85.0 (x)"; target."*".available = true; }; pkg.rustc.version = "1.85.0 (x)"; profiles = { }; }).toolchain;
      }`),
    ).toEqual({
      toolchain: "rust-stable-host",
      component: "rustfmt-preview-beta-2026-07-26",
      compiler: ["rust-stable-with-std-host", "rustc-stable-host", "rustc-stable-host"],
      clippy: "clippy-nightly-complete-with-std-2026-08-08",
      chosen: "rust-stable-with-components-host",
      combined: "rust-mixed",
      profiles: ["rust-stable-with-components-host", "rust-stable-with-components-host"],
      night: "rust-nightly-default-2026-08-08",
      dotted: "cargo-stable-host",
      overlay: "cargo-stable-host",
      manifest: "rust-2025-02-20",
    });
    const refused = {
      'rust.fromToolchainFile { file = builtins.toFile "t" "stable"; dir = ./.; }':
        "One and only one of `file` and `dir` should be specified",
      'rust.fromToolchainFile { file = builtins.toFile "t" "[toolchain]\\npath = \\"x\\"\\n"; }':
        "fenix doesn't support toolchain.path",
      'rust.fromToolchainFile { file = ./value.nix; hash = ""; }':
        "function 'fromToolchainFile' called with unexpected argument 'hash'",
      '(rust.stable.withComponents [ "cargo" "klippy" ]).drvPath': "attribute 'klippy' missing",
    };
    const said = Object.keys(refused).map((expression) =>
      value(`${FENIX} ${expression}`).then(
        (evaluated) => JSON.stringify(evaluated),
        (error: unknown) => (/error: ([^\n]*)(?![\s\S]*error: )/.exec(String(error))?.[1] ?? "") || String(error),
      ),
    );
    expect(await Promise.all(said)).toEqual(Object.values(refused));
  });
});
