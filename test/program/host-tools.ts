import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { PACKAGE_ROOT } from "./world.ts";

/** Tools that tests start on the machine itself, outside of every world. */

/** The Rust of the set-up, which needs nothing in a home; a rustup on PATH would look for its toolchains there. */
export const HOST_PATH = [join(PACKAGE_ROOT, ".prefix", "rust", "bin"), process.env.PATH ?? ""].join(delimiter);

const RUST = new Set(["cargo", "rustc"]);

const runs = new Map<string, boolean>();

/**
 * The first of these tools that does not run here. To be there is not enough: where the machine has no Rust, the set-up unpacks one whose
 * loader is in a world's namespace alone.
 */
export const lacking = (...names: readonly string[]): string | undefined => names.find((name) => !startsHere(name));

function startsHere(name: string): boolean {
  const known = runs.get(name);
  if (known !== undefined) return known;
  // The tests that start it have an empty home, where a rustup finds no toolchain: it starts, and has nothing to run.
  const env = { PATH: HOST_PATH, HOME: "/nonexistent" };
  const { error, status } = spawnSync(name, ["--version"], { env, stdio: "ignore" });
  // Other tools may answer --version with a code of their own.
  const does = error === undefined && (RUST.has(name) ? status === 0 : status !== 126 && status !== 127);
  runs.set(name, does);
  return does;
}
