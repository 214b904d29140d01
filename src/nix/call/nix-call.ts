import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import { execute, type Finished } from "../../system/process.ts";
import { EventReader, type NixEvents } from "../events.ts";
import type { BuildOptions, RunNixOptions } from "../nix.ts";
import { limitMemory } from "./memory.ts";

export interface Call extends RunNixOptions {
  readonly program: "nix" | "nix-instantiate";
  /** Subcommand first; settings are put behind it. */
  readonly args: readonly string[];
  /** Behind the settings, untouched (`-c COMMAND …`). */
  readonly rest?: readonly string[];
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Folders that Nix may write besides the private ones. */
  readonly writable?: readonly string[];
  /** Bytes; undefined: no limit. */
  readonly memory?: number;
  /** Evaluation ignores SIGTERM, so waiting for it is lost time; a build needs a moment to stop its builder. */
  readonly graceMs: number;
  /** Bytes: stdout is a log, of which head and tail are kept when it is longer. Without it stdout is an answer, whole or none. */
  readonly logBytes?: number;
  readonly onBuild?: BuildOptions["onBuild"];
}

export interface Called {
  readonly exit: number | null;
  readonly ended: Finished["ended"];
  readonly problem?: string;
  readonly stdout: string;
  readonly events: NixEvents;
  readonly seconds: number;
}

/** Bytes of an answer on stdout; a longer one is no answer. */
const MAX_ANSWER = 64 * 1024 * 1024;

/** Starts Nix: settings as `--option` pairs (the machine's own nix.conf stays in force for what they do not name), private home and temporary folder. */
export class NixCaller {
  readonly #environment: ExecutionEnvironment;
  readonly #bin: string;
  readonly #folder: string;
  readonly #settings: readonly string[];
  processes = 0;

  constructor(environment: ExecutionEnvironment, bin: string, folder: string) {
    this.#environment = environment;
    this.#bin = bin;
    this.#folder = folder;
    const conf: Readonly<Record<string, string>> = {
      ...environment.nixConf,
      "accept-flake-config": "false",
      "warn-dirty": "false",
    };
    this.#settings = [
      // First: settings that belong to a feature are ignored before it is switched on.
      "--extra-experimental-features",
      "nix-command flakes",
      ...Object.entries(conf).flatMap(([name, value]) => (name === "experimental-features" ? [] : ["--option", name, value])),
    ];
  }

  async run(call: Call): Promise<Called> {
    const home = join(this.#folder, "home");
    const temporaryRoot = join(this.#folder, "tmp");
    await Promise.all([mkdir(join(home, ".cache"), { recursive: true }), mkdir(temporaryRoot, { recursive: true })]);
    // `nix develop` leaves folders behind in TMPDIR (nix-measured.md, surprise 13).
    const temporary = await mkdtemp(join(temporaryRoot, "nix-"));
    const [subcommand = [], args] = call.program === "nix" ? [call.args.slice(0, 1), call.args.slice(1)] : [[], call.args];
    const argv = [
      join(this.#bin, call.program),
      ...subcommand,
      ...this.#settings,
      "--log-format",
      "internal-json",
      "-v",
      ...args,
      ...(call.rest ?? []),
    ];
    const reader = new EventReader(call.onProgress, call.onBuild);
    const answer: Buffer[] = [];
    let answerBytes = 0;
    this.processes += 1;
    try {
      const wrapped = this.#environment.wrap(argv, { cwd: call.cwd, writable: [this.#folder, ...(call.writable ?? [])] });
      const finished = await execute({
        argv: limitMemory(wrapped, call.memory),
        cwd: call.cwd,
        env: this.#variables(home, temporary),
        timeoutMs: call.timeoutMs,
        graceMs: call.graceMs,
        // Answers and events are read here; what the process reader keeps then serves nobody.
        maxOutputBytes: call.logBytes ?? 4_096,
        onStderr: (chunk) => reader.write(chunk),
        onStdout: (chunk) => {
          answerBytes += chunk.length;
          if (call.logBytes === undefined && answerBytes <= MAX_ANSWER) answer.push(Buffer.from(chunk));
        },
        ...(call.signal && { signal: call.signal }),
      });
      return {
        exit: finished.exit,
        ended: finished.ended,
        ...(finished.problem !== undefined && { problem: finished.problem }),
        stdout: call.logBytes === undefined ? Buffer.concat(answer).toString("utf8") : finished.stdout,
        events: reader.end(),
        seconds: finished.durationMs / 1000,
      };
    } finally {
      await removeTemporary(temporary);
    }
  }

  #variables(home: string, temporary: string): Readonly<Record<string, string>> {
    const { NIX_CONFIG: _config, NIX_USER_CONF_FILES: _files, NIX_PATH: _path, ...variables } = this.#environment.variables;
    return {
      LANG: "C.UTF-8",
      TZ: "UTC",
      ...variables,
      TERM: "dumb",
      NO_COLOR: "1",
      HOME: home,
      XDG_CACHE_HOME: join(home, ".cache"),
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local", "share"),
      XDG_STATE_HOME: join(home, ".local", "state"),
      TMPDIR: temporary,
    };
  }
}

async function removeTemporary(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    // Without a sandbox a builder's leftovers may belong to a build user; they lie in our own cache folder and harm nobody.
    if (
      !(
        error instanceof Error &&
        "code" in error &&
        (error.code === "EACCES" || error.code === "EPERM" || error.code === "ENOTEMPTY")
      )
    )
      throw error;
  }
}
