import { mkdir, realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { type Affinity, onProcessors } from "../../../system/affinity.ts";
import type { Host } from "../../../system/environment/host.ts";
import { type Bind, enclosedArgv } from "../../../system/environment/namespace.ts";
import { childFolders, systemFiles, systemFolders } from "../../../system/store/child-folders.ts";
import { namespaceProblem } from "../../../system/store/private-store.ts";
import { InfraFailure } from "../infra-failure.ts";
import type { Machine } from "../machine.ts";
import { programOf } from "./program.ts";
import { shownPaths } from "./shown.ts";

/** Where a trial's program runs: its own folder, and of this machine what it needs to start. */
export interface Sandbox {
  /** The trial's folder as the program sees it; the same in every trial, so that equal trials have equal conversations. */
  readonly root: string;
  /** The same folder on this machine. */
  readonly folder: string;
  /** Node and the program's first file. */
  readonly program: readonly [node: string, file: string];
  readonly variables: Readonly<Record<string, string>>;
  /** argv that runs another one inside, in `cwd` of the trial. */
  argv(command: readonly string[], cwd: string): readonly string[];
  readonly held: Held;
}

/** Limits of memory and processors that this machine keeps for a trial. */
export interface Held {
  /** process: RLIMIT_DATA of each process (see docs/limits.md). */
  readonly memory: "process" | "none";
  /** affinity: the program and all that it starts keep to as many processors as the task declares. */
  readonly cpus: "affinity" | "none";
}

/** Answers that depend on the day would differ between two days. 2026-01-01. */
const EPOCH = "1767225600";

export interface SandboxOptions {
  /** Folder of the world that is shown. */
  readonly world: string;
  readonly memoryMb: number;
  /** Processors that it keeps to; undefined: any. */
  readonly affinity: Affinity | undefined;
  /** What runs inside fills the folder of the compiled program. Default false: it may only read it. */
  readonly compiles?: boolean;
}

/** @param folder private folder of the trial; made when absent */
export async function openSandbox(machine: Machine, folder: string, options: SandboxOptions): Promise<Sandbox> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { host } = machine;
  const program = programOf(await realpath(machine.packageRoot));
  const real = await realpath(folder);
  const enclosed = machine.isolation === "bwrap";
  const root = enclosed ? ROOT : real;
  const folders = await childFolders(real, host);
  const compiled = enclosed ? await compiledBinds(machine, options.compiles ?? false) : [];
  const variables = {
    ...environmentOf(root, machine),
    TMPDIR: enclosed ? "/tmp" : folders.temporary,
    ...(compiled.length > 0 && { NODE_COMPILE_CACHE: COMPILED }),
  };
  const cpus = options.affinity === undefined ? "none" : "affinity";
  const start = [program.node, program.file] as const;
  if (!enclosed) {
    const held = { memory: "none", cpus } as const;
    return { root, folder: real, program: start, variables, held, argv: (command) => onProcessors(options.affinity, command) };
  }
  const problem = await namespacesOf(host);
  const { bwrap, shell, mount } = host;
  if (problem !== undefined || bwrap === undefined || shell === undefined || mount === undefined)
    throw new InfraFailure("probe", `trials cannot be enclosed here: ${problem ?? "bubblewrap, mount or sh is missing"}`);
  const [system, etc] = await Promise.all([systemFolders(), systemFiles(folders)]);
  const shown = await shownPaths(program, host, system, options.world);
  return {
    root,
    folder: real,
    program: start,
    variables,
    held: { memory: "process", cpus },
    argv: (command, cwd) =>
      onProcessors(
        options.affinity,
        enclosedArgv(
          {
            bwrap,
            shell,
            mount,
            system: [...system, ...shown.links],
            temporary: folders.temporary,
            binds: [...etc, ...shown.binds, ...compiled, { source: real, target: root, writable: true }],
            variables,
            memoryKib: options.memoryMb * 1024,
            cwd,
          },
          command,
        ),
      ),
  };
}

/** Where a sandbox has the compiled program. */
const COMPILED = "/compiled";

async function compiledBinds({ compiled }: Machine, writable: boolean): Promise<readonly Bind[]> {
  if (compiled === undefined) return [];
  await mkdir(compiled, { recursive: true, mode: 0o700 });
  return [{ source: await realpath(compiled), target: COMPILED, writable }];
}

/** Asked once: a machine's namespaces do not come and go between two trials. */
const NAMESPACES = new WeakMap<Host, ReturnType<typeof namespaceProblem>>();

function namespacesOf(host: Host): ReturnType<typeof namespaceProblem> {
  const known = NAMESPACES.get(host) ?? namespaceProblem(host);
  NAMESPACES.set(host, known);
  return known;
}

const ROOT = "/trial";

/** By allow-list: nothing of the person's environment. */
function environmentOf(root: string, { host }: Machine): Record<string, string> {
  const programs = [host.nix?.bin, ...[host.bwrap, host.mount, host.shell, host.git].map((file) => file && dirname(file))];
  return {
    PATH: [...new Set(programs.flatMap((folder) => folder ?? []))].join(delimiter),
    HOME: join(root, "home"),
    XDG_CACHE_HOME: join(root, "cache"),
    XDG_CONFIG_HOME: join(root, "config"),
    XDG_DATA_HOME: join(root, "data"),
    XDG_STATE_HOME: join(root, "state"),
    TZ: "UTC",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TERM: "dumb",
    NO_COLOR: "1",
    SOURCE_DATE_EPOCH: EPOCH,
  };
}
