import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkWorld } from "../../src/world/check.ts";
import { cannotRun, host, shipped, WORLD } from "./shipped.ts";

describe("the folder of the shipped world", () => {
  test("is sealed: every revision is its tree's own, every crate whole", async () => {
    const { problems } = await checkWorld(WORLD);
    expect(problems).toEqual([]);
  });

  test("has the refs that flakes of the scenarios name", async () => {
    const { content } = await checkWorld(WORLD);
    expect(content).toBeDefined();
    const files = (await readdir(join(WORLD, "github"), { recursive: true })).filter((path) => path.endsWith("refs.toml"));
    expect(files.sort()).toEqual([
      "NixOS/nixpkgs/refs.toml",
      "hercules-ci/flake-parts/refs.toml",
      "ipetkov/crane/refs.toml",
      "meta-introspector/ai-ml-zk-ops/refs.toml",
      "meta-introspector/naersk/refs.toml",
      "meta-introspector/nixpkgs/refs.toml",
      "nix-community/crate2nix/refs.toml",
      "nix-community/fenix/refs.toml",
      "nix-community/naersk/refs.toml",
      "nix-community/nixpkgs.lib/refs.toml",
      "nix-systems/aarch64-linux/refs.toml",
      "nix-systems/default-linux/refs.toml",
      "nix-systems/default/refs.toml",
      "nix-systems/x86_64-linux/refs.toml",
      "numtide/flake-utils/refs.toml",
      "oxalica/rust-overlay/refs.toml",
      "rust-lang/rust-analyzer/refs.toml",
      "rustsec/advisory-db/refs.toml",
    ]);
  });

  test("stays small: crates below 3 MB in all", async () => {
    const folder = join(WORLD, "crates");
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    expect(sizes.reduce((all, one) => all + one, 0)).toBeLessThan(3_000_000);
  });

  test("names no package registry's host", async () => {
    const registry = ["crates", "io"].join(".");
    const files = (await readdir(WORLD, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.name.endsWith(".crate"),
    );
    const naming = await Promise.all(
      files.map(async (entry) =>
        (await readFile(join(entry.parentPath, entry.name), "utf8")).includes(registry)
          ? [join(entry.parentPath, entry.name)]
          : [],
      ),
    );
    expect(naming.flat()).toEqual([]);
  });
});

describe.skipIf(cannotRun !== undefined)("what the package set says of the host's tools", () => {
  const { value } = shipped();

  test("is what the set-up has unpacked", async () => {
    const said = await value(`lib.mapAttrs (_: p: p.version) {
      inherit (pkgs) bash binutils bzip2 coreutils curl gcc glibc libclang libsodium libpq nasm openssl protobuf sqlite xz zstd; }`);
    const had: Readonly<Record<string, string | undefined>> = {
      ...host.toolchain,
      ...host.libraries,
      libpq: host.libraries.postgresql,
      // protobuf counts its releases without the first number.
      protobuf: host.libraries.protobuf?.replace(/^3\./, ""),
    };
    const wrong = Object.entries(said as Record<string, string>).filter(
      ([name, version]) => !`${had[name]}.`.startsWith(`${version}.`),
    );
    expect(wrong).toEqual([]);
  });
});
