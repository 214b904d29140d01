import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderFlake } from "../../../src/nix/recipes/flake-file.ts";
import type { FlakePlan } from "../../../src/nix/recipes/plan.ts";
import { closure, lockFile } from "../../rules/generated/crates.ts";
import { cannotRun, host, shipped, type Tree } from "../../world-content/shipped.ts";
import { NIXPKGS, plain } from "./plans.ts";

/** What the recipe writes, in the shipped world: its check of Cargo.nix, and the program that writes it anew. */

const SHAPES: Tree = {
  "git/code.example/me/shapes/world-git.toml": 'default = "main"\ntags = ["v1.2.3"]\nlast-modified = 1762000000\n',
  "git/code.example/me/shapes/Cargo.toml": '[package]\nname = "shapes"\nversion = "1.2.3"\nedition = "2021"\n',
  "git/code.example/me/shapes/src/lib.rs": 'pub const NAME: &str = "square";\n',
};

const plan = (gitDependencies: boolean): FlakePlan => ({
  ...plain,
  systems: [host.system],
  builder: "crate2nix",
  inputs: [NIXPKGS, { name: "crate2nix", url: "github:nix-community/crate2nix", follows: { nixpkgs: "nixpkgs" }, used: true }],
  vendoring: { mode: "cargoLock", gitDependencies },
});

const greet = (dependencies: string, lock: string, gitDependencies = false): Tree => ({
  "Cargo.toml": `[package]\nname = "greet"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\n${dependencies}`,
  "Cargo.lock": lock,
  "src/main.rs": "fn main() {}\n",
  "flake.nix": renderFlake(plan(gitDependencies)),
});

const CHECK = `checks.${host.system}.cargo-nix`;
const STALE = "Cargo.nix does not fit Cargo.toml and Cargo.lock any more: nix run .#regenerate-cargo-nix";

describe.skipIf(cannotRun !== undefined)("a flake of the crate2nix recipe in the shipped world", () => {
  const { project, nix, run, built, failure } = shipped(SHAPES);
  const locked = (...names: readonly string[]): string =>
    lockFile([{ name: "greet", version: "1.0.0", dependencies: names }], closure(names), 4);

  async function regenerated(cwd: string): Promise<void> {
    const done = await nix(cwd, "run", ".#regenerate-cargo-nix");
    expect(done.exit, done.stderr).toBe(0);
    await run(cwd, "git", "add", "--all");
  }

  test("the program makes the file that the check wants, and the check says when it is no longer that", async () => {
    const cwd = await project(greet('itoa = "1"\n', locked("itoa")));
    await regenerated(cwd);
    await built(cwd, CHECK);
    // The sources may change without it.
    await writeFile(join(cwd, "src/main.rs"), 'fn main() { println!("{}", itoa::Buffer::new().format(1)); }\n');
    await built(cwd, CHECK);
    await writeFile(join(cwd, "Cargo.toml"), `${await readFile(join(cwd, "Cargo.toml"), "utf8")}\n[features]\nloud = []\n`);
    expect(await failure(cwd, CHECK)).toContain(STALE);
    await regenerated(cwd);
    await built(cwd, CHECK);
    const elsewhere = await nix(join(cwd, "src"), "run", `git+file://${cwd}#regenerate-cargo-nix`);
    expect(elsewhere).toMatchObject({ exit: 1, stderr: expect.stringContaining("run this in the folder of flake.nix") });
  });

  test("with crates from git the check reads Cargo.lock, and evaluating it builds nothing", async () => {
    const head = (await run("/tmp", "git", "ls-remote", "https://code.example/me/shapes", "HEAD")).stdout.slice(0, 40);
    const lock = (more: string): string =>
      `${lockFile([], closure(["itoa"]), 4)}\n[[package]]\nname = "greet"\nversion = "1.0.0"\ndependencies = [\n${more} "shapes",\n]\n\n[[package]]\nname = "shapes"\nversion = "1.2.3"\nsource = "git+https://code.example/me/shapes?tag=v1.2.3#${head}"\n`;
    const shapes = 'shapes = { git = "https://code.example/me/shapes", tag = "v1.2.3" }\n';
    const cwd = await project(greet(`itoa = "1"\n${shapes}`, lock(' "itoa",\n'), true));
    await regenerated(cwd);
    await built(cwd, CHECK);
    await writeFile(join(cwd, "Cargo.lock"), lock(""));
    expect(await failure(cwd, CHECK)).toContain(`${STALE} (greet)`);
  });
});
