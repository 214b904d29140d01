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
  const { error, status } = spawnSync(name, ["--version"], { env: { PATH: HOST_PATH }, stdio: "ignore" });
  // A rustup without a toolchain starts, and has nothing to run; other tools may answer --version with a code of their own.
  const does = error === undefined && (RUST.has(name) ? status === 0 : status !== 126 && status !== 127);
  runs.set(name, does);
  return does;
}
