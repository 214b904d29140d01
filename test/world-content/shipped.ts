import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { findHost, type Host } from "../../src/system/environment/host.ts";
import { execute, type Finished } from "../../src/system/process.ts";
import { namespaceProblem } from "../../src/system/store/private-store.ts";
import { openWorld } from "../../src/world/open.ts";
import type { World } from "../../src/world/world.ts";

export const PACKAGE_ROOT = dirname(dirname(import.meta.dirname));
export const WORLD = join(PACKAGE_ROOT, "evals", "world");

export const host: Host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });

/** Why the shipped world cannot be opened here: its tools are unpacked by the set-up that runs before the tests. */
export const cannotRun: string | undefined =
  Object.keys(host.sandboxPaths).length === 0
    ? ".prefix/host.json is missing: run `sh scripts/setup.sh`"
    : host.nix
      ? await namespaceProblem(host)
      : "no Nix";
if (cannotRun !== undefined) console.warn(`the shipped world's content is not tested: ${cannotRun}`);

export type Tree = Readonly<Record<string, string>>;

export interface Shipped {
  /** A folder with these files, tracked by git and locked against the world. */
  project(files: Tree): Promise<string>;
  /** Runs in the world, in a folder that it may write. */
  run(cwd: string, ...argv: string[]): Promise<Finished>;
  nix(cwd: string, ...args: string[]): Promise<Finished>;
  /** The store paths, one a line, of a flake's output that must build. */
  built(cwd: string, attribute: string): Promise<string>;
  /** What Nix says of a flake's output that must not build. */
  failure(cwd: string, attribute: string): Promise<string>;
  /** Runs a built program with nothing but the store. */
  confined(...argv: string[]): Promise<Finished>;
  /** The value of a Nix expression in which `nixpkgs`, `naersk` and `flake-utils` are the world's flakes, and `system` the host's. */
  value(expression: string): Promise<unknown>;
  world(): World;
}

/** The shipped world, opened once for a test file, over an empty store that is gone afterwards; `more` files make it a larger copy. */
export function shipped(more: Tree = {}, commandMs = 110_000): Shipped {
  let opened: { world: World; base: string } | undefined;
  const current = (): { world: World; base: string } => {
    if (opened === undefined) throw new Error("the world is opened before the tests and closed after them");
    return opened;
  };
  beforeAll(async () => {
    if (cannotRun !== undefined) return;
    const base = await mkdtemp(join(tmpdir(), "crq-shipped-"));
    const opening = openWorld(await worldWith(base, more), {
      host,
      cacheRoot: join(base, "cache"),
      session: join(base, "session"),
    });
    const world = await opening.catch(async (error: unknown) => {
      await rm(base, { recursive: true, force: true });
      throw error;
    });
    opened = { base, world };
  });
  afterAll(async () => {
    if (opened === undefined) return;
    const { world, base } = opened;
    await world.environment.close();
    // Store paths are read-only folders, which an ordinary user cannot empty.
    const clean = 'chmod -R u+w -- "$0"; rm -rf -- "$0"';
    await execute({ argv: ["/bin/sh", "-c", clean, base], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 });
  });

  const worldWith = async (base: string, files: Tree): Promise<string> => {
    if (Object.keys(files).length === 0) return WORLD;
    const larger = join(base, "world");
    await cp(WORLD, larger, { recursive: true });
    await write(larger, files);
    return larger;
  };
  const write = async (directory: string, files: Tree): Promise<void> => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
  };

  const run: Shipped["run"] = (cwd, ...argv) => {
    const { environment } = current().world;
    return execute({
      argv: environment.wrap(argv, { cwd, writable: [cwd] }),
      cwd,
      env: environment.variables,
      timeoutMs: commandMs,
    });
  };
  const nix: Shipped["nix"] = (cwd, ...args) => run(cwd, "nix", ...args);
  const folder = async (files: Tree): Promise<string> => {
    const cwd = await mkdtemp(join(current().base, "project-"));
    await write(cwd, files);
    return cwd;
  };
  return {
    run,
    world: () => current().world,
    nix,
    async built(cwd, attribute) {
      const done = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L", `.#${attribute}`);
      if (done.exit !== 0) throw new Error(done.stderr);
      return done.stdout.trim();
    },
    async failure(cwd, attribute) {
      const done = await nix(cwd, "build", "--no-link", "-L", `.#${attribute}`);
      if (done.exit === 0) throw new Error(`.#${attribute} was built, though it must not be`);
      return done.stderr;
    },
    async project(files) {
      const cwd = await folder(files);
      for (const argv of [
        ["git", "init", "--quiet"],
        ["git", "add", "--all"],
        ["nix", "flake", "lock"],
        ["git", "add", "--all"],
      ]) {
        const done = await run(cwd, ...argv);
        if (done.exit !== 0) throw new Error(`${argv.join(" ")}: ${done.stderr}`);
      }
      return cwd;
    },
    async confined(...argv) {
      const confined = current().world.environment.confine(argv, { cwd: "/", writable: [] });
      if (typeof confined === "string") throw new Error(confined);
      return execute({ argv: confined, cwd: "/", env: {}, timeoutMs: 20_000 });
    },
    async value(expression) {
      const cwd = await folder({
        "value.nix": `let
          flake = name: builtins.getFlake "github:\${name}";
          nixpkgs = flake "NixOS/nixpkgs/nixos-26.05";
          naersk = flake "nix-community/naersk";
          flake-utils = flake "numtide/flake-utils";
          system = "${host.system}";
          inherit (nixpkgs) lib;
          pkgs = nixpkgs.legacyPackages.\${system};
        in ${expression}`,
      });
      const done = await run(cwd, "nix", "eval", "--json", "--impure", "--file", "value.nix");
      if (done.exit !== 0) throw new Error(done.stderr);
      return JSON.parse(done.stdout);
    },
  };
}
