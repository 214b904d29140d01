import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { findHost } from "../../../src/system/environment/host.ts";
import { execute } from "../../../src/system/process.ts";
import { openWorld } from "../../../src/world/open.ts";
import type { World } from "../../../src/world/world.ts";

export const PACKAGE_ROOT = join(import.meta.dirname, "../../..");

/** The shipped world, opened once for a file of tests. */
export function sharedWorld(): () => Promise<World> {
  let opening: Promise<{ readonly world: World; readonly folder: string }> | undefined;
  const open = async (): Promise<{ readonly world: World; readonly folder: string }> => {
    const folder = await mkdtemp(join(tmpdir(), "crq-trial-world-"));
    const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
    const at = { cacheRoot: join(folder, "cache"), session: join(folder, "session") };
    return { folder, world: await openWorld(join(PACKAGE_ROOT, "evals/world"), { host, ...at }) };
  };
  afterAll(async () => {
    if (!opening) return;
    const { world, folder } = await opening;
    await world.environment.close();
    // Store paths are read-only folders, which an ordinary user cannot empty.
    await execute({ argv: ["chmod", "-R", "u+w", folder], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 });
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return async () => {
    opening ??= open();
    return (await opening).world;
  };
}
