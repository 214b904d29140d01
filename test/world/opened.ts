import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { findHost, type Host } from "../../src/system/environment/host.ts";
import { execute, type Finished } from "../../src/system/process.ts";
import { namespaceProblem } from "../../src/system/store/private-store.ts";
import { type OpenWorldOptions, openWorld } from "../../src/world/open.ts";
import type { World } from "../../src/world/world.ts";
import { temporaryFolder } from "./tree.ts";

export const PACKAGE_ROOT = dirname(dirname(import.meta.dirname));

export const host: Host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });

/** Why real Nix cannot run in a namespace here; the set-up that runs before the tests sees to it on Debian. */
export const cannotRun: string | undefined = host.nix ? await namespaceProblem(host) : "no Nix";

export interface RunOptions {
  readonly cwd?: string;
  /** Besides the working folder of the test. */
  readonly writable?: readonly string[];
  /** Besides the environment's own variables. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Opened {
  readonly world: World;
  /** An empty folder of the test's own, writable for children. */
  readonly cwd: string;
  run(argv: readonly string[], more?: RunOptions): Promise<Finished>;
  nix(...args: string[]): Promise<Finished>;
}

export async function opened(directory: string, options: Partial<OpenWorldOptions> = {}): Promise<Opened> {
  // The place has what a person's home may have in its name.
  const base = join(await temporaryFolder("crq test 'ä' "), "place");
  const world = await openWorld(directory, { host, cacheRoot: join(base, "cache"), session: join(base, "session"), ...options });
  onTestFinished(async () => {
    await world.environment.close();
    // Store paths are read-only folders, which an ordinary user cannot empty.
    await execute({ argv: ["chmod", "-R", "u+w", base], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 });
  });
  const cwd = await temporaryFolder();
  const run: Opened["run"] = (argv, more = {}) => {
    const at = more.cwd ?? cwd;
    const { environment } = world;
    return execute({
      argv: environment.wrap(argv, { cwd: at, writable: [cwd, ...(more.writable ?? [])] }),
      cwd: at,
      env: { ...environment.variables, ...more.env },
      timeoutMs: 60_000,
    });
  };
  return { world, cwd, run, nix: (...args) => run(["nix", ...args]) };
}
