import type { ExecutionEnvironment } from "./environment/execution-environment.ts";
import { execute } from "./process.ts";

/**
 * Processors that a program is kept to, with all that it starts: the kernel hands an affinity on to children. A program may choose another one
 * for itself, so this shares a machine out and guards nothing.
 */
export interface Affinity {
  /** util-linux's program that sets one: Node cannot. */
  readonly taskset: string;
  /** Numbers that the kernel gave them, ascending. */
  readonly processors: readonly number[];
}

/** The processors that this process may use itself; undefined where no program can be kept to any. */
export async function ownAffinity(taskset: string | undefined): Promise<Affinity | undefined> {
  if (taskset === undefined) return undefined;
  const argv = [taskset, "-p", String(process.pid)];
  const asked = await ask(argv);
  const processors = asked === undefined ? [] : processorsIn(asked);
  if (processors.length === 0) return undefined;
  const affinity = { taskset, processors };
  // Where the kernel or a container forbids it, asking may still be allowed.
  return (await ask(onProcessors(affinity, argv))) === undefined ? undefined : affinity;
}

async function ask(argv: readonly string[]): Promise<string | undefined> {
  const { exit, stdout } = await execute({ argv, cwd: "/", env: {}, timeoutMs: 20_000 });
  return exit === 0 ? stdout : undefined;
}

/** What `taskset -p` says: `pid 7's current affinity mask: 3`. The processors' list of /proc may name some that are not switched on. */
export function processorsIn(text: string): readonly number[] {
  const digits = /mask: (?:0x)?([0-9a-f,]+)\s*$/iu.exec(text)?.[1]?.replaceAll(",", "");
  const bits = digits === undefined ? "" : BigInt(`0x${digits}`).toString(2);
  return [...bits].reverse().flatMap((bit, processor) => (bit === "1" ? [processor] : []));
}

/** argv that runs another one on these processors alone; the same where none are given. */
export function onProcessors(affinity: Affinity | undefined, argv: readonly string[]): readonly string[] {
  if (affinity === undefined) return argv;
  // A mask, and not the list that can be read: every taskset knows it.
  const mask = affinity.processors.reduce((bits, processor) => bits | (1n << BigInt(processor)), 0n);
  return [affinity.taskset, mask.toString(16), ...argv];
}

/** The same environment, with everything that is started through it on these processors alone. */
export function keptToProcessors(environment: ExecutionEnvironment, affinity: Affinity | undefined): ExecutionEnvironment {
  if (affinity === undefined) return environment;
  return {
    ...environment,
    // Nix counts all processors of a machine, also those that it may not use (seen with 2.26).
    nixConf: { ...environment.nixConf, cores: String(affinity.processors.length) },
    wrap: (argv, places) => onProcessors(affinity, environment.wrap(argv, places)),
    confine: (argv, places) => {
      const confined = environment.confine(argv, places);
      return typeof confined === "string" ? confined : onProcessors(affinity, confined);
    },
  };
}
