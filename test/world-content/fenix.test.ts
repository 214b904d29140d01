import { describe, expect, test } from "vitest";
import { cannotRun, shipped } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("fenix in the shipped world", () => {
  const { value } = shipped();

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
