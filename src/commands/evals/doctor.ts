import { existsSync } from "node:fs";
import { mkdir, statfs } from "node:fs/promises";
import { availableParallelism, freemem, totalmem } from "node:os";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { COMMON_NEEDS, mostAtOnce, roomOfHost } from "../../evals/run/schedule/admission.ts";
import { ownAffinity } from "../../system/affinity.ts";
import { findHost, missingNix } from "../../system/environment/host.ts";
import { errorText } from "../../system/error.ts";
import { namespaceProblem } from "../../system/store/private-store.ts";
import { table } from "../../ui/text.ts";
import { loadContent } from "../../world/content/content.ts";
import { describeProblem } from "../../world/problem.ts";
import type { CliContext, OutputOptions, Verb } from "../wiring/context.ts";
import { shippedWorld } from "../wiring/open-place.ts";
import { chosenTasks, evalsConfig, type SelectionOptions } from "./wiring/chosen-tasks.ts";
import { openMachine, type WorldOptions } from "./wiring/machine.ts";

interface Finding {
  readonly what: string;
  /** false: no run is possible without it. */
  readonly ok: boolean;
  readonly detail: string;
}

const KEYS = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"] as const;
const GIBIBYTE = 2 ** 30;

/** `crq-agent evals doctor`: what this machine can do for a run, each part tried. Exit 2 where a run would be refused. */
export const doctor: Verb<[OutputOptions & SelectionOptions & WorldOptions]> = async (context, ui, options) => {
  const config = await evalsConfig(context);
  const findings = [
    ...(await programs(context)),
    await world(context, config, options),
    await tasks(context, config, options),
    await disk(context),
    memory(config),
    ...KEYS.map((key) => ({
      what: key,
      ok: true,
      detail: context.env[key] ? "present" : "absent (only needed for this provider's models)",
    })),
    await queue(context),
    ...(config.evals.builders.length === 0
      ? []
      : [
          {
            what: "builders",
            ok: true,
            detail: `${config.evals.builders.join(", ")} (recorded with each run; trials of an offline world have no network and build on this machine)`,
          },
        ]),
  ];
  const exit = findings.every(({ ok }) => ok) ? 0 : 2;
  ui.result({
    text: table(findings.map(({ what, ok, detail }) => [ok ? "✓" : "✗", what, detail])),
    json: { schema: "crq-agent/evals-doctor/1", ok: exit === 0, exit, data: { findings }, diagnostics: [] },
  });
  return exit;
};

async function programs(context: CliContext): Promise<readonly Finding[]> {
  const host = await findHost({ packageRoot: context.packageRoot, path: context.env.PATH ?? "" });
  const nix = missingNix(host);
  const namespaces = await namespaceProblem(host);
  const affinity = await ownAffinity(host.taskset);
  const tools = Object.entries(host.toolchain);
  return [
    { what: "Nix", ok: nix === undefined, detail: nix ?? `${host.nix?.version ?? ""} in ${host.nix?.bin ?? ""}` },
    { what: "git", ok: host.git !== undefined, detail: host.git ?? "missing; install git with your system's package manager" },
    {
      what: "isolation",
      ok: namespaces === undefined,
      detail: namespaces ?? `bubblewrap ${host.bwrap ?? ""}, user, pid and network namespaces`,
    },
    {
      what: "processors",
      ok: true,
      detail:
        affinity === undefined
          ? "a trial cannot be kept to those that its task declares: taskset is missing or may not set any; install util-linux"
          : `${affinity.processors.length}; each trial keeps to as many as its task declares`,
    },
    {
      what: "compilers",
      ok: true,
      detail:
        tools.length === 0
          ? "none of this machine's are lent to worlds"
          : tools.map(([name, version]) => `${name} ${version}`).join(", "),
    },
  ];
}

/** The world is read and hashed whole, and the machine asked for all that it builds with. */
async function world(context: CliContext, config: Config, options: WorldOptions): Promise<Finding> {
  try {
    const { surroundings, machine } = await openMachine(context, config, { ...options, unsafeLocal: true });
    if (machine.world.mode === "live") return { what: "world", ok: true, detail: "live" };
    const { problems } = await loadContent(machine.world.directory);
    const { name, hash } = surroundings.world;
    return {
      what: "world",
      ok: problems.length === 0,
      detail:
        problems.length === 0
          ? `${name} ${hash.slice(0, 12)} in ${machine.world.directory}`
          : problems.map(describeProblem).join("; "),
    };
  } catch (error) {
    return { what: "world", ok: false, detail: `${errorText(error)} (default: ${shippedWorld(context.packageRoot)})` };
  }
}

async function tasks(context: CliContext, config: Config, options: SelectionOptions): Promise<Finding> {
  const suite = await chosenTasks(context, config, options);
  return {
    what: "tasks",
    ok: suite.problems.length === 0 && suite.tasks.length > 0,
    detail:
      suite.problems.length > 0
        ? suite.problems.map(describeProblem).join("; ")
        : suite.tasks.length === 0
          ? "none; name their folder with --tasks"
          : `${suite.tasks.length} in ${new Set(suite.tasks.map(({ file }) => file.cluster)).size} clusters`,
  };
}

const DISK_OF_TRIAL_GIB = 2;

async function disk(context: CliContext): Promise<Finding> {
  await mkdir(context.folders.cache, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(context.folders.cache);
  const free = (bavail * bsize) / GIBIBYTE;
  return {
    what: "disk",
    ok: free >= 2 * DISK_OF_TRIAL_GIB,
    detail: `${free.toFixed(1)} GiB free below ${context.folders.cache}; a trial wants twice its disk-mb (${2 * DISK_OF_TRIAL_GIB} GiB by default)`,
  };
}

function memory(config: Config): Finding {
  const room = roomOfHost(config.evals.trials);
  return {
    what: "memory",
    ok: true,
    detail: `${(freemem() / GIBIBYTE).toFixed(1)} of ${(totalmem() / GIBIBYTE).toFixed(1)} GiB free, ${availableParallelism()} processors: ${mostAtOnce(COMMON_NEEDS, room)} trials at once`,
  };
}

async function queue(context: CliContext): Promise<Finding> {
  const installed = existsSync(join(context.packageRoot, "node_modules", "pg-boss"));
  return {
    what: "queue",
    ok: true,
    detail: installed
      ? "pg-boss is installed; PostgreSQL is named with --queue"
      : "pg-boss is not installed (only needed for --queue): npm install pg-boss@12.30.0",
  };
}
