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

describe.skipIf(cannotRun !== undefined)("toolchains of fenix in the shipped world", () => {
  const { project, built, failure, nix, confined } = shipped();

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
});
