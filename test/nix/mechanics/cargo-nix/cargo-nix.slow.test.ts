import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { regenerateCargoNix } from "../../../../src/nix/mechanics/cargo-nix/cargo-nix.ts";
import type { MechanicPlace } from "../../../../src/nix/mechanics/mechanic.ts";
import { repair } from "../../../../src/nix/mechanics/repair.ts";
import { createNix } from "../../../../src/nix/run.ts";
import { git } from "../../../../src/system/git.ts";
import { closure, lockFile } from "../../../rules/generated/crates.ts";
import { cannotRun, host, shipped, type Tree } from "../../../world-content/shipped.ts";

/** crate2nix as a mechanic: the real command over the stand-in of the shipped world. */

const SHAPES: Tree = {
  "git/code.example/me/shapes/world-git.toml": 'default = "main"\ntags = ["v1.2.3"]\nlast-modified = 1762000000\n',
  "git/code.example/me/shapes/Cargo.toml": '[package]\nname = "shapes"\nversion = "1.2.3"\nedition = "2021"\n',
  "git/code.example/me/shapes/src/lib.rs": 'pub const NAME: &str = include_str!("name.txt");\n',
  "git/code.example/me/shapes/src/name.txt": "square\n",
};

const FLAKE = (more = "") => `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.crate2nix.url = "github:nix-community/crate2nix";
  inputs.crate2nix.inputs.nixpkgs.follows = "nixpkgs";
  outputs = { self, nixpkgs, crate2nix }: let
    pkgs = nixpkgs.legacyPackages.${host.system};
    cargoNix = import ./Cargo.nix { inherit pkgs; release = false; };
  in { packages.${host.system}.default = cargoNix.workspaceMembers.counter.build;${more} };
}`;

const manifest = (dependencies: string): string =>
  `[package]\nname = "counter"\nversion = "0.3.0"\nedition = "2021"\n\n[dependencies]\n${dependencies}`;
const locked = (...names: readonly string[]): string =>
  lockFile([{ name: "counter", version: "0.3.0", dependencies: names }], closure(names), 4);

describe.skipIf(cannotRun !== undefined)("Cargo.nix as a mechanic", () => {
  const { project, run, world, confined } = shipped(SHAPES);

  async function place(files: Tree): Promise<MechanicPlace> {
    const worktree = await project(files);
    const folder = join(worktree, ".git", "session");
    await mkdir(folder);
    return { nix: createNix({ environment: world().environment, folder }), worktree, knownHashes: new Set() };
  }
  const text = ({ worktree }: MechanicPlace, path: string): Promise<string> => readFile(join(worktree, path), "utf8");
  const build = ({ nix, worktree }: MechanicPlace) => nix.build(worktree, [`packages.${host.system}.default`]);

  test("is written where a flake misses it, found fresh, and written anew when Cargo.lock moves on", async () => {
    const at = await place({
      "Cargo.toml": manifest('itoa = "1"\n'),
      "Cargo.lock": locked("itoa"),
      "src/main.rs": 'fn main() { println!("{}", itoa::Buffer::new().format(7)); }\n',
      "flake.nix": FLAKE(),
    });
    const missing = await build(at);
    if (missing.ok) throw new Error("built without Cargo.nix");
    expect(missing.diagnoses[0]).toMatchObject({ kind: "untracked-file", path: "Cargo.nix" });
    expect(await repair(missing.diagnoses[0], at)).toMatchObject({
      name: "generate-cargo-nix",
      detail: "crate2nix of the locked input crate2nix wrote Cargo.nix",
      edits: [{ path: "Cargo.nix", before: undefined }],
      staged: ["Cargo.nix"],
    });
    // Its checksums are known: the gate would take them in a proposal.
    expect([...at.knownHashes]).toEqual(closure(["itoa"]).map(({ checksum }) => checksum));
    const built = await build(at);
    if (!built.ok) throw new Error(built.log);
    expect(await confined(`${built.value[0]?.outputs.out}/bin/counter`)).toMatchObject({ stdout: "7\n" });
    expect(await regenerateCargoNix(at)).toEqual({ kind: "fresh" });

    const before = await text(at, "Cargo.nix");
    await writeFile(join(at.worktree, "Cargo.toml"), manifest('itoa = "1"\nhex = "0.4"\n'));
    await writeFile(join(at.worktree, "Cargo.lock"), locked("hex", "itoa"));
    await writeFile(join(at.worktree, "src/main.rs"), 'fn main() { println!("{}", hex::encode("!")); }\n');
    const stale = await build(at);
    if (stale.ok) throw new Error("built with a Cargo.nix that has no hex");
    expect(stale.diagnoses[0]).toMatchObject({ kind: "compile-error", derivation: { name: "rust_counter-0.3.0" } });
    expect(await repair(stale.diagnoses[0], at)).toMatchObject({
      detail: "crate2nix of the locked input crate2nix wrote Cargo.nix anew",
      edits: [{ path: "Cargo.nix", before }],
      staged: [],
    });
    const again = await build(at);
    if (!again.ok) throw new Error(again.log);
    expect(await confined(`${again.value[0]?.outputs.out}/bin/counter`)).toMatchObject({ stdout: "21\n" });
    // Once it fits, the same failure is another matter.
    expect(await repair(stale.diagnoses[0], at)).toBeUndefined();
  });

  test("brings crate-hashes.json where crates come from git", async () => {
    const head = (await run("/tmp", "git", "ls-remote", "https://code.example/me/shapes", "HEAD")).stdout.slice(0, 40);
    const source = `git+https://code.example/me/shapes?tag=v1.2.3#${head}`;
    const at = await place({
      "Cargo.toml": manifest('shapes = { git = "https://code.example/me/shapes", tag = "v1.2.3" }\n'),
      "Cargo.lock": `version = 4\n\n[[package]]\nname = "counter"\nversion = "0.3.0"\ndependencies = [\n "shapes",\n]\n\n[[package]]\nname = "shapes"\nversion = "1.2.3"\nsource = "${source}"\n`,
      "src/main.rs": 'fn main() { print!("{}", shapes::NAME); }\n',
      "flake.nix": FLAKE(),
    });
    const ran = await regenerateCargoNix(at);
    if (ran.kind !== "written") throw new Error(JSON.stringify(ran, undefined, 1));
    expect(ran.done).toMatchObject({
      detail: "crate2nix of the locked input crate2nix wrote Cargo.nix and crate-hashes.json",
      staged: ["Cargo.nix", "crate-hashes.json"],
    });
    const hashes: Readonly<Record<string, string>> = JSON.parse(await text(at, "crate-hashes.json"));
    expect(Object.keys(hashes)).toEqual(["git+https://code.example/me/shapes?tag=v1.2.3#shapes@1.2.3"]);
    expect([...at.knownHashes]).toEqual([Object.values(hashes)[0]]);
    const built = await build(at);
    if (!built.ok) throw new Error(built.log);
    expect(await confined(`${built.value[0]?.outputs.out}/bin/counter`)).toMatchObject({ stdout: "square\n" });
    expect(await regenerateCargoNix(at)).toEqual({ kind: "fresh" });
  });

  test("a check that compares it is mended by writing it", async () => {
    const at = await place({
      "Cargo.toml": manifest('itoa = "1"\n'),
      "Cargo.lock": locked("itoa"),
      "src/main.rs": "fn main() {}\n",
      "flake.nix": FLAKE(` checks.${host.system}.fresh = pkgs.runCommand "cargo-nix" { } "echo Cargo.nix lags behind; exit 1";`),
    });
    expect((await regenerateCargoNix(at)).kind).toBe("written");
    await writeFile(
      join(at.worktree, "Cargo.nix"),
      (await text(at, "Cargo.nix")).replace('edition = "2021"', 'edition = "2018"'),
    );
    const checked = await at.nix.build(at.worktree, [`checks.${host.system}.fresh`]);
    if (checked.ok) throw new Error("the check cannot pass");
    expect(checked.diagnoses[0].derivation?.name).toBe("cargo-nix");
    expect(await repair(checked.diagnoses[0], at)).toMatchObject({ name: "generate-cargo-nix" });
  });

  test("says what is missing where there is no tool, no lock file, or a file that nobody generated", async () => {
    const files = { "Cargo.toml": manifest(""), "Cargo.lock": locked(), "src/main.rs": "fn main() {}\n" };
    const without = await place({ ...files, "flake.nix": "{ outputs = _: { x = import ./Cargo.nix; }; }" });
    expect(await regenerateCargoNix(without)).toEqual({
      kind: "no-tool",
      problem: "the flake has no input crate2nix, so nothing here can write Cargo.nix",
      next: expect.stringContaining("crate2nix generate"),
    });
    const byHand = await place({ ...files, "flake.nix": FLAKE(), "Cargo.nix": "{ }: { }\n" });
    expect(await regenerateCargoNix(byHand)).toMatchObject({
      kind: "no-tool",
      problem: "Cargo.nix was not written by crate2nix",
    });
    const unlocked = await place({ ...files, "flake.nix": FLAKE() });
    await git(["rm", "--quiet", "--force", "Cargo.lock"], { cwd: unlocked.worktree });
    expect(await regenerateCargoNix(unlocked)).toMatchObject({
      kind: "no-tool",
      next: "Commit Cargo.lock beside the workspace's Cargo.toml.",
    });
    // A lock that does not fit is the tool's own failure, and nothing is written.
    const broken = await place({ ...files, "flake.nix": FLAKE(), "Cargo.toml": manifest('hex = "0.4"\n') });
    const failed = await regenerateCargoNix(broken);
    if (failed.kind !== "failed") throw new Error(failed.kind);
    expect(failed.failure.log).toContain("crate2nix failed.");
    expect(await git(["status", "--porcelain", "--", "Cargo.nix"], { cwd: broken.worktree })).toBe("");
    await rm(broken.worktree, { recursive: true, force: true });
  });
});
