import { join, resolve } from "node:path";
import type { Config } from "../../../config.ts";
import { type Surroundings, surroundingsOf } from "../../../evals/run/identity/surroundings.ts";
import type { Machine, TrialWorld } from "../../../evals/trial/machine.ts";
import { findHost } from "../../../system/environment/host.ts";
import { namespaceProblem } from "../../../system/store/private-store.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";
import { shippedWorld } from "../../wiring/open-place.ts";
import { asCommandError } from "../../wiring/open-recording.ts";

export interface WorldOptions {
  readonly world?: string;
  readonly recordWorld?: string;
  readonly live?: boolean;
  readonly unsafeLocal?: boolean;
}

export interface OpenMachine {
  readonly machine: Machine;
  readonly surroundings: Surroundings;
}

/**
 * This machine with the world that trials run in.
 * @throws CommandError (exit 2) where there is no Nix, no namespace or no such world
 */
export async function openMachine(context: CliContext, config: Config, options: WorldOptions): Promise<OpenMachine> {
  const host = await findHost({ packageRoot: context.packageRoot, path: context.env.PATH ?? "" });
  const confinement = options.unsafeLocal ? undefined : await namespaceProblem(host);
  if (confinement !== undefined)
    throw new CommandError(
      "no-isolation",
      `trials are isolated by namespaces: ${confinement}. \`crq-agent evals doctor\` says what else is missing`,
    );
  const machine: Machine = {
    packageRoot: context.packageRoot,
    host,
    world: worldOf(context, config, options),
    isolation: options.unsafeLocal ? "none" : "bwrap",
    compiled: join(context.folders.cache, "evals", "compiled"),
  };
  return await asCommandError(async () => ({ machine, surroundings: await surroundingsOf(machine) }));
}

function worldOf(context: CliContext, config: Config, { world, recordWorld, live }: WorldOptions): TrialWorld {
  if ([world, recordWorld, live].filter((one) => one !== undefined).length > 1)
    throw new CommandError("option-conflict", "--world, --record-world and --live exclude each other: name one");
  if (live) return { mode: "live" };
  if (recordWorld !== undefined) return { mode: "record", directory: resolve(context.cwd, recordWorld) };
  const wanted = world ?? config.evals.world;
  return { mode: "replay", directory: wanted === "shipped" ? shippedWorld(context.packageRoot) : resolve(context.cwd, wanted) };
}

/** What makes the numbers of such a run unlike published ones. */
export function surroundingsMarks({ world, isolation }: Surroundings): readonly string[] {
  return [
    ...(world.mode === "live" ? ["live world: what the internet said cannot be replayed"] : []),
    ...(world.mode === "record" ? ["recording world: not compared with replayed runs"] : []),
    ...(isolation === "none" ? ["no isolation (--unsafe-local): agents saw this machine"] : []),
  ];
}
