import { describe, expect, test } from "vitest";
import { crate } from "./rust-crate.ts";
import { cannotRun, shipped } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("Rust in the shipped world", () => {
  const { project, built, failure, nix, confined, world } = shipped();

  test("a crate without dependencies is built, tested and run by both builders", async () => {
    const cwd = await project(
      crate(
        "plain",
        [],
        `packages.\${system} = { default = package { }; naersk = builder.buildPackage { src = ./.; doCheck = true; }; };`,
        {
          "src/main.rs": 'fn main() { println!("{}", plain::twice(21)); }\n',
          "src/lib.rs": "pub fn twice(n: u32) -> u32 { 2 * n }\n#[test]\nfn doubles() { assert_eq!(twice(2), 4); }\n",
        },
      ),
    );
    const first = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L");
    expect(first.stderr).toContain("test doubles ... ok");
    const second = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L", ".#naersk");
    expect(second.stderr).toContain("test doubles ... ok");
    const runs = await Promise.all([first, second].map((one) => confined(`${one.stdout.trim()}/bin/plain`)));
    expect(runs.map(({ exit, stdout }) => ({ exit, stdout }))).toEqual([
      { exit: 0, stdout: "42\n" },
      { exit: 0, stdout: "42\n" },
    ]);
    // The compiler stays behind: only what the program needs to run comes along.
    const needed = await nix(cwd, "path-info", "--recursive", first.stdout.trim());
    expect(
      needed.stdout
        .trim()
        .split("\n")
        .map((path) => path.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "")),
    ).toEqual(
      ["host-glibc", "host-gcclib", "plain-0.3.0"].sort(
        (a, b) => needed.stdout.indexOf(`-${a}\n`) - needed.stdout.indexOf(`-${b}\n`),
      ),
    );
  });

  test("registry crates come by their checksums", async () => {
    const cwd = await project(
      crate(
        "counter",
        ["itoa", "hex"],
        `packages.\${system} = { default = package { }; naersk = builder.buildPackage { src = ./.; }; };`,
        {
          "src/main.rs": 'fn main() { println!("{} {}", itoa::Buffer::new().format(7), hex::encode("ab")); }\n',
        },
      ),
    );
    for (const attribute of ["default", "naersk"]) {
      expect(await confined(`${await built(cwd, attribute)}/bin/counter`)).toMatchObject({ stdout: "7 6162\n" });
    }
    expect(world().environment.misses()).toEqual([]);
  });

  test("a wrong checksum in the lock is a hash mismatch of that crate", async () => {
    const files = crate("wrong", ["hex"], `packages.\${system}.default = package { };`, { "src/main.rs": "fn main() {}\n" });
    const lock = (files["Cargo.lock"] ?? "").replace(/checksum = "....../, 'checksum = "000000');
    const log = await failure(await project({ ...files, "Cargo.lock": lock }), "default");
    expect(log).toMatch(/hash mismatch in fixed-output derivation '\/nix\/store\/[a-z0-9]+-crate-hex-0\.4\.3\.tar\.gz\.drv':/);
    expect(log).toContain("got:    sha256-");
  });

  test("cargoHash: the right one is printed, a stale lock file is found out", async () => {
    const files = crate(
      "hashed",
      ["hex"],
      `packages.\${system} = builtins.mapAttrs (_: more: pkgs.rustPlatform.buildRustPackage ({ pname = "hashed"; version = "0.3.0"; src = ./.; } // more)) (import ./more.nix);`,
      {
        "src/main.rs": 'fn main() { println!("{}", hex::encode("a")); }\n',
        "more.nix": '{ empty = { cargoHash = ""; }; none = { }; }',
      },
    );
    const cwd = await project(files);
    const printed = await failure(cwd, "empty");
    expect(printed).toMatch(
      /hash mismatch in fixed-output derivation '\/nix\/store\/[a-z0-9]+-hashed-0\.3\.0-vendor-staging\.drv':/,
    );
    expect(await failure(cwd, "none")).toContain("cargoHash, cargoVendorDir, cargoDeps, or cargoLock must be set");
    const hash = /got: +(sha256-\S+)/.exec(printed)?.[1] ?? "";
    const again = await project({
      ...files,
      "more.nix": `{
        good = { cargoHash = "${hash}"; };
        stale = { cargoHash = "${hash}"; prePatch = "echo '# newer' >> Cargo.lock"; };
        without = { cargoHash = "${hash}"; prePatch = "rm Cargo.lock"; };
      }`,
    });
    expect(await confined(`${await built(again, "good")}/bin/hashed`)).toMatchObject({ stdout: "61\n" });
    expect(await failure(again, "stale")).toContain("ERROR: cargoHash or cargoSha256 is out of date");
    expect(await failure(again, "without")).toContain("ERROR: Missing Cargo.lock from src. Expected to find it at: ");
  });

  test("outputHashes: missing and stale ones are found out while evaluating", async () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const git = `[[package]]\nname = "shapes"\nversion = "1.2.3"\nsource = "git+https://code.example/me/shapes#${commit}"\n\n`;
    const files = crate(
      "pinned",
      [],
      `packages.\${system} = {
        missing = package { };
        stale = package { cargoLock = { lockFile = ./Cargo.lock; outputHashes."other-1.0.0" = pkgs.lib.fakeHash; }; };
      };`,
      { "src/main.rs": "fn main() {}\n" },
    );
    const cwd = await project({
      ...files,
      "Cargo.lock": (files["Cargo.lock"] ?? "").replace("[[package]]", `${git}[[package]]`),
    });
    expect(await failure(cwd, "missing")).toContain(
      "No hash was found while vendoring the git dependency shapes-1.2.3. You can add\n",
    );
    expect(await failure(cwd, "stale")).toContain(
      "A hash was specified for other-1.0.0, but there is no corresponding git dependency.",
    );
  });
});
