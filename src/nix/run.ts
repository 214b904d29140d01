import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { ExecutionEnvironment } from "../system/execution-environment.ts";
import { exactFragment, formatAttributePath, parseAttributePath } from "./attribute-path.ts";
import { failed, failureOf, unavailable } from "./call/failure.ts";
import { flakeReferenceOf } from "./call/flake-directory.ts";
import { CHECK_MEMORY, EVALUATION_MEMORY } from "./call/memory.ts";
import { type Call, type Called, NixCaller } from "./call/nix-call.ts";
import type { Stage } from "./diagnosis.ts";
import { lockedNixpkgs, parseLock } from "./lock.ts";
import { cleanText } from "./logs/clean-text.ts";
import { logOf } from "./logs/log-of.ts";
import type { AttributeFacts, BuildOptions, Built, FlakeInputs, Nix, NixFailure, NixResult, RunNixOptions } from "./nix.ts";
import { drvPathsFunction } from "./questions/derivation-paths.ts";
import { FLAKE_INPUTS_EXPRESSION, FLAKE_ON_SEARCH_PATH, readFlakeInputs } from "./questions/flake-inputs.ts";
import { attributeExpression, readAttributeFacts } from "./questions/nixpkgs-attribute.ts";

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
const TIMEOUT = { parse: 30_000, evaluate: 300_000, lock: 300_000, build: 3_600_000, develop: 3_600_000, log: 60_000 } as const;
const GRACE = { evaluation: 500, build: 5_000 } as const;

const SYSTEMS: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ia32: "i686",
  riscv64: "riscv64",
  ppc64: "powerpc64le",
};

/** Nix's name of the machine this program runs on. */
export const hostSystem = (): string => `${SYSTEMS[process.arch] ?? process.arch}-${process.platform}`;

/**
 * Frozen inputs: the lock file is judged, not repaired; answers come from evaluation, not from an earlier one's cache. Never beside
 * `--no-write-lock-file`: with it Nix resolves a missing lock in memory and does not refuse (seen with 2.26.3).
 */
const JUDGING = ["--no-update-lock-file", "--option", "eval-cache", "false"] as const;

const builtSchema = z.array(z.object({ drvPath: z.string(), outputs: z.record(z.string(), z.string().nullable()) }));
const drvPathsSchema = z.array(z.string());

/** The outputs that were made, by name. */
const madeOutputs = (outputs: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(outputs).flatMap(([name, path]) => (path === null ? [] : [[name, path]])));

/** The deepest folder that holds all files. */
function commonFolder(files: readonly string[]): string {
  const [first = "/", ...others] = files.map((file) => dirname(file));
  let folder = first;
  for (const other of others)
    while (other !== folder && !other.startsWith(`${folder}/`) && folder !== "/") folder = dirname(folder);
  return folder;
}

const isDerivationPath = (attribute: string): boolean => attribute.startsWith("/nix/store/");

/** The evaluator over an execution environment; without Nix every method answers `unavailable`. */
export function createNix(setup: NixSetup): Nix {
  return new NixRunner(setup);
}

interface Asked extends Partial<Call> {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly stage: Stage;
  readonly timeout: number;
  readonly options: RunNixOptions | undefined;
  /** Derivations that were asked for: they are the project's own. */
  readonly requested?: readonly string[];
}

class NixRunner implements Nix {
  readonly system: string;
  readonly #setup: NixSetup;
  readonly #caller: NixCaller | undefined;

  constructor(setup: NixSetup) {
    this.#setup = setup;
    this.system = setup.system ?? hostSystem();
    const { environment, folder } = setup;
    this.#caller = environment.nixBin === undefined ? undefined : new NixCaller(environment, environment.nixBin, folder);
  }

  get version(): string {
    return this.#setup.environment.nixVersion ?? "none";
  }

  get processes(): number {
    return this.#caller?.processes ?? 0;
  }

  async parse(files: readonly string[], options?: RunNixOptions): Promise<NixResult<null>> {
    const failures: NixFailure[] = [];
    let rest = files;
    let seconds = 0;
    // Nix stops at the first file that does not parse; the ones behind it are asked for again, so that one answer names all.
    while (rest.length > 0) {
      const call = {
        program: "nix-instantiate",
        args: ["--parse", ...rest],
        // A namespace shows the folder a child works in, so that is the one that holds the files.
        cwd: commonFolder(files),
        stage: "parse",
        timeout: TIMEOUT.parse,
        options,
      } as const;
      const result = await this.#ask(call, () => null);
      seconds += result.seconds;
      if (result.ok) break;
      failures.push(result);
      const bad = result.diagnoses[0].position?.file;
      const at = bad === undefined ? -1 : rest.indexOf(bad);
      if (result.why !== "failed" || at === -1) break;
      rest = rest.slice(at + 1);
    }
    const [first, ...more] = failures;
    if (!first) return { ok: true, value: null, log: "", warnings: [], seconds };
    return {
      ...first,
      diagnoses: [...first.diagnoses, ...more.flatMap(({ diagnoses }) => diagnoses)],
      log: failures.map(({ log }) => log).join("\n"),
      seconds,
    };
  }

  async inputs(flakeDirectory: string, options?: RunNixOptions): Promise<NixResult<FlakeInputs>> {
    // The one use of --impure: an unlocked file can only be imported so, and --restrict-eval leaves this folder alone readable.
    const args = [
      "eval",
      "--impure",
      "--restrict-eval",
      "-I",
      `${FLAKE_ON_SEARCH_PATH}=${flakeDirectory}`,
      "--json",
      "--expr",
      FLAKE_INPUTS_EXPRESSION,
    ];
    const call = { args, cwd: flakeDirectory, stage: "eval", timeout: TIMEOUT.evaluate, options } as const;
    return this.#ask(call, (called) => readFlakeInputs(JSON.parse(called.stdout)));
  }

  async lock(
    flakeDirectory: string,
    options?: RunNixOptions & { readonly update?: readonly string[] },
  ): Promise<NixResult<null>> {
    const update = options?.update ?? [];
    const flake = await flakeReferenceOf(flakeDirectory);
    const args = update.length > 0 ? ["flake", "update", ...update, "--flake", flake] : ["flake", "lock", flake];
    return this.#ask(
      { args, cwd: flakeDirectory, stage: "eval", timeout: TIMEOUT.lock, options, writable: [flakeDirectory] },
      () => null,
    );
  }

  async evaluate(
    flakeDirectory: string,
    attribute: string,
    options?: RunNixOptions & { readonly apply?: string },
  ): Promise<NixResult<unknown>> {
    const installable = `${await flakeReferenceOf(flakeDirectory)}${exactFragment(attribute)}`;
    const apply = options?.apply === undefined ? [] : ["--apply", options.apply];
    const args = ["eval", "--json", "--show-trace", ...JUDGING, installable, ...apply];
    const result = await this.#ask<unknown>(
      { args, cwd: flakeDirectory, stage: "eval", timeout: TIMEOUT.evaluate, options },
      (called) => JSON.parse(called.stdout),
    );
    return result;
  }

  async build(
    flakeDirectory: string,
    attributes: readonly string[],
    options?: BuildOptions,
  ): Promise<NixResult<readonly Built[]>> {
    // Evaluation first, in a process of its own: it alone gets the memory limit, and the answer says which derivation belongs to which attribute.
    const wanted = attributes.filter((attribute) => !isDerivationPath(attribute));
    const evaluated = await this.#derivations(flakeDirectory, wanted, options);
    if (!evaluated.ok) return evaluated;
    const derivations = new Map(wanted.map((attribute, i) => [attribute, evaluated.value[i] ?? ""]));
    const drvOf = (attribute: string): string => derivations.get(attribute) ?? attribute.replace(/\^.*$/u, "");
    const drvs = [...new Set(attributes.map(drvOf))];
    if (drvs.length === 0) return { ok: true, value: [], log: "", warnings: [], seconds: 0 };
    const call = (extra: readonly string[]): Asked => ({
      args: ["build", "--json", "--no-link", ...extra, ...drvs.map((drv) => `${drv}^*`)],
      cwd: flakeDirectory,
      stage: "build",
      timeout: TIMEOUT.build,
      options,
      requested: drvs,
      graceMs: GRACE.build,
    });
    const read = (called: Called): readonly Built[] => {
      const outputs = new Map(builtSchema.parse(JSON.parse(called.stdout)).map((built) => [built.drvPath, built.outputs]));
      return attributes.map((attribute) => {
        const drvPath = drvOf(attribute);
        return { installable: attribute, drvPath, outputs: madeOutputs(outputs.get(drvPath) ?? {}) };
      });
    };
    const built = await this.#ask(call([]), read);
    // `--rebuild` alone refuses what was never built.
    const last = built.ok && options?.rebuild ? await this.#ask(call(["--rebuild"]), read) : built;
    return { ...last, seconds: evaluated.seconds + built.seconds + (last === built ? 0 : last.seconds) };
  }

  async flakeCheck(flakeDirectory: string, options?: RunNixOptions): Promise<NixResult<null>> {
    const args = ["flake", "check", "--all-systems", ...JUDGING, await flakeReferenceOf(flakeDirectory)];
    const call = {
      args,
      cwd: flakeDirectory,
      stage: "check",
      timeout: TIMEOUT.build,
      options,
      memory: CHECK_MEMORY,
      graceMs: GRACE.build,
    } as const;
    return this.#ask(call, () => null);
  }

  async develop(
    flakeDirectory: string,
    shell: string,
    argv: readonly string[],
    options?: RunNixOptions,
  ): Promise<NixResult<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>> {
    // The exact path: without a devShell of that name Nix would quietly take a package (nix-measured.md, surprise 13).
    const attribute = formatAttributePath(["devShells", this.system, shell]);
    const installable = `${await flakeReferenceOf(flakeDirectory)}${exactFragment(attribute)}`;
    const args = ["develop", installable, "--ignore-environment", ...JUDGING];
    const call = {
      args,
      rest: ["-c", ...argv],
      cwd: flakeDirectory,
      stage: "run",
      timeout: TIMEOUT.develop,
      options,
      memory: CHECK_MEMORY,
      graceMs: GRACE.build,
      writable: [flakeDirectory],
      // What is no message of Nix itself is the command's own failure, and that is an answer.
      succeeds: (called: Called) => called.exit !== null && called.events.messages.length === 0,
    } as const;
    return this.#ask(call, (called) => ({ exit: called.exit ?? -1, stdout: called.stdout, stderr: called.events.plain }));
  }

  async log(derivation: string, options?: RunNixOptions): Promise<string | undefined> {
    const called = await this.#call({
      args: ["log", derivation.replace(/\^.*$/u, "")],
      cwd: this.#setup.folder,
      stage: "build",
      timeout: TIMEOUT.log,
      options,
    });
    return called?.exit === 0 ? cleanText(called.stdout) : undefined;
  }

  async attribute(flakeDirectory: string, attribute: string, options?: RunNixOptions): Promise<NixResult<AttributeFacts>> {
    const path = parseAttributePath(attribute);
    if (!path || path.length === 0)
      return failed(
        "eval",
        `'${attribute}' is no attribute path`,
        "Write names separated by dots, for instance openssl or rustPlatform.bindgenHook.",
      );
    const lock = parseLock(await readFile(join(flakeDirectory, "flake.lock"), "utf8").catch(() => "")); // no file: parseLock says so
    const locked = lock.ok ? lockedNixpkgs(lock.lock) : undefined;
    if (locked === undefined) {
      return failed(
        "eval",
        "flake.lock holds no nixpkgs",
        "Declare inputs.nixpkgs in flake.nix and let the lock be written; then ask again.",
      );
    }
    const args = ["eval", "--json", "--option", "eval-cache", "false", "--expr", attributeExpression(locked, this.system, path)];
    const call = { args, cwd: flakeDirectory, stage: "eval", timeout: TIMEOUT.evaluate, options } as const;
    return this.#ask(call, (called) => readAttributeFacts(attribute, JSON.parse(called.stdout)));
  }

  async buildFromNixpkgs(flakeDirectory: string, attribute: string, options?: RunNixOptions): Promise<NixResult<Built>> {
    const lock = parseLock(await readFile(join(flakeDirectory, "flake.lock"), "utf8").catch(() => "")); // no file: parseLock says so
    const locked = lock.ok ? lockedNixpkgs(lock.lock) : undefined;
    const path = parseAttributePath(attribute);
    if (locked === undefined || !path || path.length === 0)
      return failed(
        "eval",
        `flake.lock holds no nixpkgs to take ${attribute} from`,
        "Declare inputs.nixpkgs in flake.nix and let the lock be written.",
      );
    const installable = `${locked}${exactFragment(`legacyPackages.${this.system}.${attribute}`)}`;
    const args = ["build", "--no-link", "--json", installable];
    const call = { args, cwd: flakeDirectory, stage: "build", timeout: TIMEOUT.build, graceMs: GRACE.build, options } as const;
    return this.#ask(call, (called) => {
      const [built] = builtSchema.parse(JSON.parse(called.stdout));
      if (!built) throw new Error(`nix build ${installable} named no output`);
      return { installable: attribute, drvPath: built.drvPath, outputs: madeOutputs(built.outputs) };
    });
  }

  /** The .drv of each attribute, from one process. */
  async #derivations(
    flakeDirectory: string,
    attributes: readonly string[],
    options: RunNixOptions | undefined,
  ): Promise<NixResult<readonly string[]>> {
    if (attributes.length === 0) return { ok: true, value: [], log: "", warnings: [], seconds: 0 };
    const paths = attributes.flatMap((attribute) => {
      const path = parseAttributePath(attribute);
      return path === undefined ? [] : [path];
    });
    if (paths.length < attributes.length) {
      const bad = attributes.find((attribute) => parseAttributePath(attribute) === undefined);
      return failed(
        "eval",
        `'${bad}' is no attribute path`,
        "Write names separated by dots; a name with a dot stands in quotes.",
      );
    }
    const result = await this.evaluate(flakeDirectory, "", { ...options, apply: drvPathsFunction(paths) });
    return result.ok ? { ...result, value: drvPathsSchema.parse(result.value) } : result;
  }

  async #ask<T>(
    asked: Asked & { readonly succeeds?: (called: Called) => boolean },
    read: (called: Called) => T,
  ): Promise<NixResult<T>> {
    const called = await this.#call(asked);
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
      return {
        ok: true,
        value: read(called),
        log: logOf(called.events),
        warnings: called.events.warnings,
        seconds: called.seconds,
      };
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

  async #call(asked: Asked): Promise<Called | undefined> {
    const { stage: _stage, timeout, options, requested: _requested, ...call } = asked;
    return this.#caller?.run({
      program: "nix",
      ...(asked.stage !== "build" && { memory: this.#setup.evaluationMemory ?? EVALUATION_MEMORY }),
      graceMs: GRACE.evaluation,
      ...call,
      timeoutMs: options?.timeoutMs ?? timeout,
      ...(options?.signal && { signal: options.signal }),
      ...(options?.onProgress && { onProgress: options.onProgress }),
    });
  }
}
