import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Nix } from "../../nix/nix.ts";
import { createNix } from "../../nix/run.ts";
import { type Affinity, keptToProcessors } from "../../system/affinity.ts";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import { openLiveEnvironment } from "../../system/environment/live-environment.ts";
import { errorText, isDiskFull } from "../../system/error.ts";
import { removeTree } from "../../system/remove-tree.ts";
import { openWorld } from "../../world/open.ts";
import { WorldError } from "../../world/problem.ts";
import type { Task } from "../task/task.ts";
import { InfraFailure } from "../trial/infra-failure.ts";
import type { Machine } from "../trial/machine.ts";
import { stageCopy } from "../trial/stage-copy.ts";

/** Where one submission is graded: an environment with a store of its own, and what the agent was given, staged anew. */
export interface GradingPlace {
  readonly task: Task;
  readonly machine: Machine;
  /** Processors that the grading keeps to; undefined: any. */
  readonly affinity: Affinity | undefined;
  readonly environment: ExecutionEnvironment;
  readonly nix: Nix;
  /** `sha256` of the world's folder; undefined where there is no world. */
  readonly worldHash: string | undefined;
  /** Scratch folder of this grading: copies are made below it. */
  readonly work: string;
  /** The staged task as the agent got it; nobody writes here. */
  readonly repository: string;
  /** Its only commit. */
  readonly commit: string;
  /** Ends the environment and removes the scratch folder. */
  close(): Promise<void>;
}

/**
 * Opens a world with a fresh store below `work`, and stages the task there.
 * @param work scratch folder; must not exist yet, or be empty
 * @throws InfraFailure where the machine cannot serve it
 */
export async function openGrading(
  task: Task,
  machine: Machine,
  work: string,
  affinity: Affinity | undefined,
): Promise<GradingPlace> {
  const session = join(work, "session");
  await mkdir(session, { recursive: true, mode: 0o700 });
  const opened = await asInfra(() => openEnvironment(task, machine, work, session));
  const environment = keptToProcessors(opened.environment, affinity);
  const close = async (): Promise<void> => {
    try {
      await environment.close();
    } finally {
      await removeTree(work);
    }
  };
  try {
    const staged = await asInfra(() => stageCopy(task, machine, join(work, "staged"), environment));
    return {
      task,
      machine,
      affinity,
      environment,
      nix: createNix({ environment, folder: join(work, "nix") }),
      worldHash: opened.worldHash,
      work,
      repository: staged.repository,
      commit: staged.commit,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openEnvironment(
  task: Task,
  { host, world }: Machine,
  work: string,
  session: string,
): Promise<{ readonly environment: ExecutionEnvironment; readonly worldHash: string | undefined }> {
  const common = { host, cacheRoot: join(work, "cache"), session, allowImportFromDerivation: task.file.ifd };
  if (world.mode === "live") {
    return { environment: await openLiveEnvironment({ ...common, person: {} }), worldHash: undefined };
  }
  const { environment, hash } = await openWorld(world.directory, { ...common, storeRoot: join(work, "store") });
  return { environment, worldHash: hash };
}

/** What stands in the way of a grading is never the model's doing: the staged task is the same for all. */
async function asInfra<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InfraFailure) throw error;
    if (isDiskFull(error) || (error instanceof WorldError && error.kind === "disk"))
      throw new InfraFailure("disk", errorText(error), { cause: error });
    if (error instanceof WorldError)
      throw new InfraFailure(error.kind === "host" ? "nix-daemon" : "mirror", errorText(error), { cause: error });
    throw new InfraFailure("harness", errorText(error), { cause: error });
  }
}
