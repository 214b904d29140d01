import { describe, expect, test } from "vitest";
import { plain, RUST } from "./rust-overlay-project.ts";
import { cannotRun, host, shipped } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("releases of rust-overlay in the shipped world", () => {
  const { project, built, failure, nix, confined } = shipped();

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
});
