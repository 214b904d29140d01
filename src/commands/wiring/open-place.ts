import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CONFIG_FILE, type Config } from "../../config.ts";
import { inputJudge } from "../../jobs/facts/lint/input-judge.ts";
import type { ProjectSettings } from "../../jobs/job-place.ts";
import type { Nix } from "../../nix/nix.ts";
import { createNix } from "../../nix/run.ts";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import { findHost } from "../../system/environment/host.ts";
import { openLiveEnvironment } from "../../system/environment/live-environment.ts";
import type { OpenWorld } from "../../world/open.ts";
import { type CliContext, CommandError } from "./context.ts";
import type { WorldChoice } from "./world-choice.ts";

/** Opens what the verbs have in common: the place where children run, Nix in it, and the project's settings. */

export interface OpenPlace {
  readonly environment: ExecutionEnvironment;
  readonly world: OpenWorld | undefined;
  readonly nix: Nix;
  close(): Promise<void>;
}

export interface PlaceOptions {
  readonly world: WorldChoice | undefined;
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
  { world: choice }: PlaceOptions,
  machine: { readonly host: Awaited<ReturnType<typeof findHost>>; readonly cacheRoot: string; readonly session: string },
): Promise<Pick<OpenPlace, "environment" | "world">> {
  if (choice === undefined || choice.mode === "live") {
    return {
      environment: await openLiveEnvironment({ ...machine, person: context.env }),
      world: undefined,
    };
  }
  const { folder } = choice;
  const directory =
    folder === "shipped" && choice.mode === "replay" ? shippedWorld(context.packageRoot) : resolve(context.cwd, folder);
  if (choice.mode === "replay" && !existsSync(join(directory, "world.toml"))) {
    throw new CommandError(
      "bad-world",
      `${directory}: is no world (it has no world.toml); give a folder with --world DIR, or --world shipped`,
    );
  }
  const [{ openWorld }, { asCommandError, openRecording }] = await Promise.all([
    import("../../world/open.ts"),
    import("./open-recording.ts"),
  ]);
  const record = choice.mode === "record" ? await openRecording(context, directory) : undefined;
  try {
    const world = await asCommandError(() => openWorld(directory, { ...machine, ...(record && { record }) }));
    const close = async (): Promise<void> => {
      await world.environment.close();
      record?.upstream.close();
    };
    return { environment: { ...world.environment, close }, world };
  } catch (error) {
    record?.upstream.close();
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
    noteCharacters: config.context.characters,
    buildTimeoutMs: config.nix["build-timeout"] * 1000,
    evalTimeoutMs: config.nix["eval-timeout"] * 1000,
  };
}
