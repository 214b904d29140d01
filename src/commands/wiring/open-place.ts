import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CONFIG_FILE, type Config } from "../../config.ts";
import { inputJudge } from "../../jobs/facts/lint/input-judge.ts";
import type { ProjectSettings } from "../../jobs/job-place.ts";
import type { Nix } from "../../nix/nix.ts";
import { createNix } from "../../nix/run.ts";
import type { ExecutionEnvironment } from "../../system/execution-environment.ts";
import { findHost } from "../../system/host.ts";
import { openLiveEnvironment } from "../../system/live-environment.ts";
import { WorldError } from "../../world/problem.ts";
import type { World } from "../../world/world.ts";
import { type CliContext, CommandError } from "./context.ts";

/** Opens what the verbs have in common: the place where children run, Nix in it, and the project's settings. */

export interface OpenPlace {
  readonly environment: ExecutionEnvironment;
  readonly world: World | undefined;
  readonly nix: Nix;
  close(): Promise<void>;
}

export interface PlaceOptions {
  readonly world: string | undefined;
  /** Private folder for homes, caches and temporary files of children; made, and removed at the end. */
  readonly scratch: string;
  readonly ownNames?: () => readonly string[];
}

/** The world that comes with the package. */
export const shippedWorld = (packageRoot: string): string => join(packageRoot, "evals", "world");

export async function openPlace(context: CliContext, options: PlaceOptions): Promise<OpenPlace> {
  await Promise.all([options.scratch, context.folders.cache].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  const host = await findHost({ packageRoot: context.packageRoot, path: context.env.PATH ?? "" });
  const session = join(options.scratch, "children");
  await mkdir(session, { recursive: true, mode: 0o700 });
  const { environment, world } = await openEnvironment(context, options, { host, cacheRoot: context.folders.cache, session });
  const nix = createNix({
    environment,
    folder: join(options.scratch, "nix"),
    ...(options.ownNames && { ownNames: options.ownNames }),
  });
  return {
    environment,
    world,
    nix,
    async close() {
      await environment.close();
      await rm(options.scratch, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function openEnvironment(
  context: CliContext,
  { world: wanted }: PlaceOptions,
  machine: { readonly host: Awaited<ReturnType<typeof findHost>>; readonly cacheRoot: string; readonly session: string },
): Promise<{ environment: ExecutionEnvironment; world: World | undefined }> {
  if (wanted === undefined) {
    return {
      environment: await openLiveEnvironment({ ...machine, person: context.env }),
      world: undefined,
    };
  }
  const directory = wanted === "shipped" ? shippedWorld(context.packageRoot) : resolve(context.cwd, wanted);
  if (!existsSync(join(directory, "world.toml"))) {
    throw new CommandError(
      2,
      `${directory}: is no world (it has no world.toml); give a folder with --world DIR, or --world shipped`,
    );
  }
  const { openWorld } = await import("../../world/open.ts");
  try {
    const world = await openWorld(directory, machine);
    return { environment: world.environment, world };
  } catch (error) {
    if (error instanceof WorldError) throw new CommandError(error.kind === "disk" ? 3 : 2, error.message, error.problems);
    throw error;
  }
}

export function projectSettings(config: Config): ProjectSettings {
  const policy = config.policy.inputs;
  return {
    crqFolder: config.crqs,
    configFile: CONFIG_FILE,
    nixpkgs: config.nix.nixpkgs,
    systems: config.nix.systems,
    inputPolicy: policy,
    judgeInputs: policy && inputJudge(policy),
    buildTimeoutMs: config.nix["build-timeout"] * 1000,
    evalTimeoutMs: config.nix["eval-timeout"] * 1000,
  };
}
