import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Supply } from "../../src/evals/faults/fault.ts";
import { supplyOf } from "../../src/evals/faults/supply.ts";
import type { Nix } from "../../src/nix/nix.ts";
import { createNix } from "../../src/nix/run.ts";
import type { ExecutionEnvironment } from "../../src/system/environment/execution-environment.ts";
import { findHost, nixVersionOf, OLDEST_NIX } from "../../src/system/environment/host.ts";
import { execute } from "../../src/system/process.ts";
import { loadContent } from "../../src/world/content/content.ts";
import { openWorld } from "../../src/world/open.ts";
import type { World } from "../../src/world/world.ts";

/** The shipped world with a Nix of one's choice, for faults that are planted and run. */

const root = join(import.meta.dirname, "../..");
const PREFIX = join(root, ".prefix");

export interface FaultsPlace {
  readonly base: string;
  readonly world: World;
  readonly nix: Nix;
  readonly nixVersion: string;
  readonly supply: Supply;
  /** For XDG_CACHE_HOME of a child: it finds the same warm store. */
  readonly cacheHome: string;
  close(): Promise<void>;
}

export async function openFaultsPlace(nixBin?: string): Promise<FaultsPlace> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "crq-agent-faults-")));
  const own = await findHost({ packageRoot: root, path: process.env.PATH ?? "" });
  const { content, problems } = await loadContent(join(root, "evals/world"));
  if (!content || problems.length > 0) throw new Error(`the world is not sealed: ${problems[0]?.message ?? "unreadable"}`);
  const nixVersion = nixBin === undefined ? own.nix?.version : await versionOf(nixBin);
  if (nixVersion === undefined) throw new Error(`there is no Nix in ${nixBin ?? ".prefix"}`);
  // The product needs OLDEST_NIX; the corpus also wants the words of older ones, whose own number is in its manifest.
  const shown = nixBin === undefined ? nixVersion : `${OLDEST_NIX}.${nixVersion}`;
  const host = nixBin === undefined ? own : { ...own, nix: { bin: nixBin, version: shown, private: true } };
  // As `npm test` has it, so that one warm store serves all. Clones may share one prefix by a link, through which Nix makes no store.
  const cache = join(await realpath(PREFIX), "cache/crq-agent");
  await mkdir(cache, { recursive: true });
  const opened = await openWorld(content.directory, { host, cacheRoot: cache, session: join(base, "session") });
  // Another Nix brings its own folder into sight, and what starts the namespace lies in the prefix's.
  const world =
    own.nix && nixBin !== undefined ? { ...opened, environment: seeing(opened.environment, dirname(own.nix.bin)) } : opened;
  const supply = await supplyOf(content, { system: host.system, git: host.git });
  return {
    base,
    world,
    nix: createNix({ environment: world.environment, folder: join(base, "nix") }),
    nixVersion,
    supply,
    cacheHome: dirname(cache),
    async close() {
      await world.environment.close();
      await rm(base, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function seeing(environment: ExecutionEnvironment, folder: string): ExecutionEnvironment {
  return {
    ...environment,
    wrap(argv, places) {
      const wrapped = environment.wrap(argv, places);
      const end = wrapped.indexOf("--");
      return [...wrapped.slice(0, end), "--ro-bind", folder, folder, ...wrapped.slice(end)];
    },
  };
}

async function versionOf(bin: string): Promise<string | undefined> {
  const asked = await execute({
    argv: [join(bin, "nix"), "--version"],
    cwd: "/",
    env: { HOME: "/nonexistent" },
    timeoutMs: 20_000,
  });
  return nixVersionOf(asked.stdout);
}
