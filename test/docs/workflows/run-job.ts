import { spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { HOST_PATH } from "../../program/host-tools.ts";
import type { Place } from "../../program/place.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";
import type { Contexts, Job } from "./workflow.ts";

/** Runs the scripts of a job one after the other as GitHub's runner does: each under `bash -e`, until one fails. */

export interface JobRun {
  /** Scripts and actions that were passed over, in order. */
  readonly passedOver: readonly string[];
  /** Scripts that ran, each with its exit code; the first that is not 0 is the last. */
  readonly ran: readonly { readonly script: string; readonly exit: number | null; readonly output: string }[];
}

export interface Runner {
  /** Of the person whose machine this is; the runner's own home and temporary folder lie below. */
  readonly at: Place;
  readonly contexts: Contexts;
  readonly variables: Readonly<Record<string, string>>;
  /** What the machine of the tests must not or cannot do: change itself, reach a registry. */
  readonly passOver: RegExp;
}

export async function runJob(job: Job, checkout: string, runner: Runner): Promise<JobRun> {
  const { at, contexts } = runner;
  const temporary = join(at.folder, "runner-temp");
  await mkdir(temporary, { recursive: true });
  const env = {
    ...at.environment,
    PATH: [join(at.folder, "installed"), dirname(process.execPath), HOST_PATH].join(delimiter),
    RUNNER_TEMP: temporary,
    ...runner.variables,
  };
  const passedOver: string[] = [];
  const ran: JobRun["ran"][number][] = [];
  for (const step of job.steps) {
    if (step.kind === "uses") passedOver.push(step.action);
    else if (runner.passOver.test(step.script)) passedOver.push(step.script);
    else {
      const done = await underBash(step.script, checkout, { ...env, ...step.environment(contexts) });
      ran.push({ script: step.script.trim(), ...done });
      if (done.exit !== 0) break;
    }
  }
  return { passedOver, ran };
}

function underBash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ exit: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-e", "-c", script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.once("error", reject);
    child.once("close", (exit) => resolve({ exit, output }));
  });
}

/** Programs that the job finds installed: ours, and others as shell scripts. */
export async function install(at: Place, programs: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = join(at.folder, "installed");
  await mkdir(folder, { recursive: true });
  // A workflow has a network and names no world; verbs that ask Nix get the shipped one here.
  const own = [
    `case "$1" in verify|apply) set -- "$@" --world '${at.world}';; esac`,
    `exec '${process.execPath}' '${join(PACKAGE_ROOT, "src", "bin.ts")}' "$@"`,
  ].join("\n");
  for (const [name, script] of Object.entries({ "crq-agent": own, ...programs })) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
}
