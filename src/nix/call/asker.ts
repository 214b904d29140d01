import { realpath } from "node:fs/promises";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import type { Stage } from "../diagnosis.ts";
import { logOf } from "../logs/log-of.ts";
import type { NixResult, RunNixOptions } from "../nix.ts";
import { failed, failureOf, unavailable } from "./failure.ts";
import { EVALUATION_MEMORY } from "./memory.ts";
import { type Call, type Called, NixCaller } from "./nix-call.ts";

export interface NixSetup {
  readonly environment: ExecutionEnvironment;
  /** Private folder of the session (made when absent): home, caches and temporary folders of Nix. */
  readonly folder: string;
  /** Default: this machine's. */
  readonly system?: string;
  /** Bytes of private memory that an evaluation may use; default EVALUATION_MEMORY. */
  readonly evaluationMemory?: number;
  /** Package and workspace member names of the project, by which its own derivations are told from others. */
  readonly ownNames?: () => readonly string[];
}

/** Defaults in milliseconds; an evaluation fetches the inputs that are not there yet. */
export const TIMEOUT = {
  parse: 30_000,
  evaluate: 300_000,
  lock: 300_000,
  build: 3_600_000,
  develop: 3_600_000,
  log: 60_000,
} as const;

/** Between SIGTERM and SIGKILL: an evaluation ignores SIGTERM, so waiting for it is lost time; a build needs a moment to stop its builder. */
export const GRACE = { evaluation: 500, build: 5_000 } as const;

/**
 * Frozen inputs: the lock file is judged, not repaired; answers come from evaluation, not from an earlier one's cache. Never beside
 * `--no-write-lock-file`: with it Nix resolves a missing lock in memory and does not refuse (seen with 2.26.3).
 */
export const JUDGING = ["--no-update-lock-file", "--option", "eval-cache", "false"] as const;

export interface Asked extends Partial<Call> {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly stage: Stage;
  readonly timeout: number;
  readonly options: RunNixOptions | undefined;
  /** Derivations that were asked for: they are the project's own. */
  readonly requested?: readonly string[];
  /** Default: exit code 0. */
  readonly succeeds?: (called: Called) => boolean;
}

/** Asks Nix one question and gives an answer or a diagnosed failure; never throws for what Nix says. */
export class NixAsker {
  readonly #setup: NixSetup;
  readonly #caller: NixCaller | undefined;

  constructor(setup: NixSetup) {
    this.#setup = setup;
    const { environment, folder } = setup;
    this.#caller = environment.nixBin === undefined ? undefined : new NixCaller(environment, environment.nixBin, folder);
  }

  get processes(): number {
    return this.#caller?.processes ?? 0;
  }

  async ask<T>(asked: Asked, read: (called: Called) => T): Promise<NixResult<T>> {
    const called = await this.call(asked);
    if (!called) return unavailable(this.#setup.environment.missing, asked.stage);
    const succeeded = called.ended === "exited" && (asked.succeeds?.(called) ?? called.exit === 0);
    if (!succeeded) {
      // Files to be parsed are named by their absolute paths, in the answer as in the question.
      const flakeRoots = asked.program === "nix-instantiate" ? [] : [...new Set([asked.cwd, await realpath(asked.cwd)])];
      return failureOf(called, {
        stage: asked.stage,
        ownNames: this.#setup.ownNames?.() ?? [],
        requested: asked.requested ?? [],
        flakeRoots,
      });
    }
    try {
      const { events, seconds } = called;
      return { ok: true, value: read(called), log: logOf(events), warnings: events.warnings, seconds };
    } catch (error) {
      // Nix said yes and answered something that is not what was asked for: a version this program does not know, or output cut off.
      const problem = error instanceof Error ? error.message : String(error);
      return failed(
        asked.stage,
        `Nix's answer could not be read: ${problem.slice(0, 300)}`,
        "Report this with the Nix version; nothing was concluded from it.",
      );
    }
  }

  /** The bare call; undefined where there is no Nix. */
  async call(asked: Asked): Promise<Called | undefined> {
    const { stage, timeout, options, requested: _requested, succeeds: _succeeds, ...call } = asked;
    return this.#caller?.run({
      program: "nix",
      ...(stage !== "build" && { memory: this.#setup.evaluationMemory ?? EVALUATION_MEMORY }),
      graceMs: GRACE.evaluation,
      ...call,
      timeoutMs: options?.timeoutMs ?? timeout,
      ...(options?.signal && { signal: options.signal }),
      ...(options?.onProgress && { onProgress: options.onProgress }),
    });
  }
}
