import { join } from "node:path";
import { findHost } from "../../src/system/environment/host.ts";
import { execute } from "../../src/system/process.ts";
import { openWorld } from "../../src/world/open.ts";
import { WorldError } from "../../src/world/problem.ts";

/**
 * Opens a world with the programs of a package's prefix, or else those on PATH, and asks its Nix who it is, or says why it could not be opened:
 * `node open-inside.ts WORLD FOLDER [PACKAGE]`.
 */
const [world = "", place = "", packageRoot = "/nonexistent"] = process.argv.slice(2);
const host = await findHost({ packageRoot, path: process.env.PATH ?? "" });
const { environment } = await openWorld(world, {
  host,
  cacheRoot: join(place, "cache"),
  session: join(place, "..", "session"),
  leastFreeBytes: 0,
}).catch((error: unknown) => {
  console.error(error instanceof WorldError ? `${error.kind}: ${error.message}` : error);
  process.exit(3);
});
const run = async (...argv: string[]): Promise<string> => {
  const places = { cwd: world, writable: [] };
  const done = await execute({ argv: environment.wrap(argv, places), cwd: world, env: environment.variables, timeoutMs: 60_000 });
  return done.exit === 0 ? done.stdout : `${done.problem ?? ""}${done.stderr}`;
};
const version = await run("nix", "--version");
const valid =
  (await run("nix-store", "--check-validity", environment.nixBin ?? "")) || environment.nixBin?.replace(/\/programs$/, "");
console.log(JSON.stringify({ nixBin: environment.nixBin, version, valid }));
await environment.close();
