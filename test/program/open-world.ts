import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenPlace, openPlace } from "../../src/commands/wiring/open-place.ts";
import { PACKAGE_ROOT, WARM_CACHE, worldForTests } from "./world.ts";

/** A world as the program opens it, without the program: for tests that ask Nix themselves. */
export interface OpenWorld {
  /** A folder of its own, gone when it closes. */
  readonly base: string;
  readonly open: OpenPlace;
  close(): Promise<void>;
}

/** @param world default: the shipped one */
export async function openWorldForTests(world?: string): Promise<OpenWorld> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "crq-open-world-")));
  const open = await openPlace(
    {
      cwd: base,
      env: { PATH: process.env.PATH },
      folders: { cache: join(WARM_CACHE, "crq-agent"), state: join(base, "state"), home: base },
      streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
      signal: new AbortController().signal,
      version: "0.0.0",
      packageRoot: PACKAGE_ROOT,
      now: Date.now,
    },
    { world: { mode: "replay", folder: world ?? (await worldForTests()) }, scratch: join(base, "scratch") },
  );
  return {
    base,
    open,
    async close() {
      await open.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}
