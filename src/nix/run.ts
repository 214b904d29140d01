import { exactFragment, formatAttributePath } from "./attribute-path.ts";
import { GRACE, JUDGING, NixAsker, type NixSetup, TIMEOUT } from "./call/asker.ts";
import { flakeReferenceOf, worktreeOf } from "./call/flake-directory.ts";
import { CHECK_MEMORY } from "./call/memory.ts";
import type { Called } from "./call/nix-call.ts";
import { cleanText } from "./logs/clean-text.ts";
import { buildAttributes } from "./methods/build-attributes.ts";
import { generateCargoNix } from "./methods/generated-cargo-nix.ts";
import { askAttribute, buildAttribute } from "./methods/locked-nixpkgs.ts";
import { parseFiles } from "./methods/parse-files.ts";
import type {
  AttributeFacts,
  BuildOptions,
  Built,
  CargoNixRequest,
  FlakeInputs,
  GeneratedCargoNix,
  Nix,
  NixResult,
  RunNixOptions,
} from "./nix.ts";
import { FLAKE_ON_SEARCH_PATH, flakeInputsExpression, readFlakeInputs } from "./questions/flake-inputs.ts";
import { readNarHashes } from "./questions/nar-hashes.ts";

export type { NixSetup };

const SYSTEMS: Readonly<Record<string, string>> = {
  x64: "x86_64",
  arm64: "aarch64",
  ia32: "i686",
  riscv64: "riscv64",
  ppc64: "powerpc64le",
};

/** Nix's name of the machine this program runs on. */
export const hostSystem = (): string => `${SYSTEMS[process.arch] ?? process.arch}-${process.platform}`;

/** The evaluator over an execution environment; without Nix every method answers `unavailable`. */
export function createNix(setup: NixSetup): Nix {
  return new NixRunner(setup);
}

/** Bytes of a stored log that are read: the end of a longer one, where the failure stands, and its beginning. */
const MAX_LOG = 8 * 1024 * 1024;

/** For questions about the store alone: a folder of ours may lie in somebody's git repository, which would then be shown read-only around it. */
const NOWHERE = "/";

class NixRunner implements Nix {
  readonly system: string;
  readonly version: string;
  readonly #asker: NixAsker;

  constructor(setup: NixSetup) {
    this.system = setup.system ?? hostSystem();
    this.version = setup.environment.nixVersion ?? "none";
    this.#asker = new NixAsker(setup);
  }

  get processes(): number {
    return this.#asker.processes;
  }

  parse(files: readonly string[], options?: RunNixOptions): Promise<NixResult<null>> {
    return parseFiles(this.#asker, files, options);
  }

  async inputs(flakeDirectory: string, options?: RunNixOptions): Promise<NixResult<FlakeInputs>> {
    const result = await this.inputsBelow(flakeDirectory, ["."], options);
    if (!result.ok) return result;
    const [value] = result.value;
    if (value === undefined) throw new Error(`Nix answered without the inputs of ${flakeDirectory}`);
    return { ...result, value };
  }

  inputsBelow(
    directory: string,
    folders: readonly string[],
    options?: RunNixOptions,
  ): Promise<NixResult<readonly FlakeInputs[]>> {
    // The one use of --impure: an unlocked file can only be imported so, and --restrict-eval leaves this folder alone readable. Without
    // the feature `flakes` there is no getFlake, which asks a forge all the same (seen with 2.26.3).
    const limits = ["--impure", "--restrict-eval", "-I", `${FLAKE_ON_SEARCH_PATH}=${directory}`];
    limits.push("--option", "experimental-features", "nix-command");
    const args = ["eval", ...limits, "--json", "--expr", flakeInputsExpression(folders)];
    const call = { args, cwd: directory, stage: "eval", timeout: TIMEOUT.evaluate, options } as const;
    return this.#asker.ask(call, (called) => readFlakeInputs(JSON.parse(called.stdout)));
  }

  async lock(
    flakeDirectory: string,
    options?: RunNixOptions & { readonly update?: readonly string[] },
  ): Promise<NixResult<null>> {
    const update = options?.update ?? [];
    const flake = await flakeReferenceOf(flakeDirectory);
    const args = update.length > 0 ? ["flake", "update", ...update, "--flake", flake] : ["flake", "lock", flake];
    // Nix lets git track a new lock, and git's own folder may lie above the flake's.
    const writable = [(await worktreeOf(flakeDirectory)) ?? flakeDirectory];
    const call = { args, cwd: flakeDirectory, stage: "eval", timeout: TIMEOUT.lock, options, writable } as const;
    return this.#asker.ask(call, () => null);
  }

  async evaluate(
    flakeDirectory: string,
    attribute: string,
    options?: RunNixOptions & { readonly apply?: string },
  ): Promise<NixResult<unknown>> {
    const installable = `${await flakeReferenceOf(flakeDirectory)}${exactFragment(attribute)}`;
    const apply = options?.apply === undefined ? [] : ["--apply", options.apply];
    const args = ["eval", "--json", "--show-trace", ...JUDGING, installable, ...apply];
    const call = { args, cwd: flakeDirectory, stage: "eval", timeout: TIMEOUT.evaluate, options } as const;
    return this.#asker.ask<unknown>(call, (called) => JSON.parse(called.stdout));
  }

  build(flakeDirectory: string, attributes: readonly string[], options?: BuildOptions): Promise<NixResult<readonly Built[]>> {
    return buildAttributes(this, this.#asker, flakeDirectory, attributes, options);
  }

  async flakeCheck(flakeDirectory: string, options?: RunNixOptions): Promise<NixResult<null>> {
    const args = ["flake", "check", "--all-systems", ...JUDGING, await flakeReferenceOf(flakeDirectory)];
    const limits = { timeout: TIMEOUT.build, memory: CHECK_MEMORY, graceMs: GRACE.build } as const;
    return this.#asker.ask({ args, cwd: flakeDirectory, stage: "check", options, ...limits }, () => null);
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
    const call = {
      args: ["develop", installable, "--ignore-environment", ...JUDGING],
      rest: ["-c", ...argv],
      cwd: flakeDirectory,
      stage: "run",
      timeout: TIMEOUT.develop,
      options,
      memory: CHECK_MEMORY,
      graceMs: GRACE.build,
      writable: [flakeDirectory],
      // What is no message of Nix itself is the command's own failure, and that is an answer.
      succeeds: (called: Called) => called.events.started && called.exit !== null && called.events.messages.length === 0,
    } as const;
    return this.#asker.ask(call, (called) => ({
      exit: called.exit ?? -1,
      stdout: called.stdout,
      stderr: called.events.plain,
    }));
  }

  narHashes(paths: readonly string[], options?: RunNixOptions): Promise<NixResult<Readonly<Record<string, string>>>> {
    const args = ["path-info", "--json", ...paths];
    const call = { args, cwd: NOWHERE, stage: "eval", timeout: TIMEOUT.log, options } as const;
    return this.#asker.ask(call, (called) => readNarHashes(JSON.parse(called.stdout)));
  }

  async log(derivation: string, options?: RunNixOptions): Promise<string | undefined> {
    const args = ["log", derivation.replace(/\^.*$/u, "")];
    const called = await this.#asker.call({
      args,
      cwd: NOWHERE,
      stage: "build",
      timeout: TIMEOUT.log,
      logBytes: MAX_LOG,
      options,
    });
    return called?.exit === 0 ? cleanText(called.stdout) : undefined;
  }

  attribute(flakeDirectory: string, attribute: string, options?: RunNixOptions): Promise<NixResult<AttributeFacts>> {
    return askAttribute(this.#asker, this.system, flakeDirectory, attribute, options);
  }

  buildFromNixpkgs(flakeDirectory: string, attribute: string, options?: RunNixOptions): Promise<NixResult<Built>> {
    return buildAttribute(this.#asker, this.system, flakeDirectory, attribute, options);
  }

  generateCargoNix(
    flakeDirectory: string,
    request: CargoNixRequest,
    options?: RunNixOptions,
  ): Promise<NixResult<GeneratedCargoNix>> {
    return generateCargoNix(this.#asker, this.system, flakeDirectory, request, options);
  }
}
