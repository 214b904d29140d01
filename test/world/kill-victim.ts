import { join } from "node:path";
import { findHost } from "../../src/system/environment/host.ts";
import { execute } from "../../src/system/process.ts";
import { openWorld } from "../../src/world/open.ts";

/** A program that waits for a build without end, to be killed by kill.test.ts: `node kill-victim.ts WORLD FOLDER`. */
const [world = "", place = ""] = process.argv.slice(2);
const packageRoot = join(import.meta.dirname, "..", "..");
const host = await findHost({ packageRoot, path: process.env.PATH ?? "" });
const { environment } = await openWorld(world, { host, cacheRoot: join(place, "cache"), session: join(place, "session") });
await execute({
  argv: environment.wrap(["nix", "build", "--no-link", "-f", join(place, "endless.nix")], { cwd: place, writable: [] }),
  cwd: place,
  env: environment.variables,
  timeoutMs: 120_000,
});
