import { join } from "node:path";
import { findHost } from "../../src/system/host.ts";
import { execute } from "../../src/system/process.ts";
import { openWorld } from "../../src/world/open.ts";

/** Opens a world with the programs on PATH and asks its Nix who it is: `node open-inside.ts WORLD FOLDER`. */
const [world = "", place = ""] = process.argv.slice(2);
const host = await findHost({ packageRoot: "/nonexistent", path: process.env.PATH ?? "" });
const { environment } = await openWorld(world, { host, cacheRoot: join(place, "cache"), session: join(place, "session") });
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
