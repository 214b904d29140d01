import type { Diagnosis } from "./diagnosis.ts";

/**
 * The evaluator as the rest of the program sees it. Implemented once, in run.ts, over an ExecutionEnvironment. A directory argument is
 * always a git worktree (Nix sees its tracked files only). No method throws for what Nix says; it throws only for our own bugs.
 */

export interface NixFailure {
  readonly ok: false;
  /** Root cause first; never empty. */
  readonly diagnoses: readonly [Diagnosis, ...Diagnosis[]];
  /** Cleaned stderr or build log, whole (already capped by the process reader). */
  readonly log: string;
  /** `aborted` and `timeout` are no verdict on the change. `unavailable`: no Nix, or an input could not be reached. */
  readonly why: "failed" | "timeout" | "aborted" | "unavailable";
  readonly seconds: number;
}

export type NixResult<T> =
  | { readonly ok: true; readonly value: T; readonly log: string; readonly warnings: readonly string[]; readonly seconds: number }
  | NixFailure;

export interface Built {
  readonly installable: string;
  readonly drvPath: string;
  /** Output name to store path. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface RunNixOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Progress for people: one short line at a time (current phase or last log line, ANSI-free). */
  readonly onProgress?: (line: string) => void;
}

export interface BuildOptions extends RunNixOptions {
  /** `--rebuild`: build again and compare. */
  readonly rebuild?: boolean;
  /** Called with each derivation that Nix starts to build: what it does not name was there already, or was fetched. */
  readonly onBuild?: (drvPath: string) => void;
}

/** Where Nix says that an attribute stands (`unsafeGetAttrPos`): the first token of its path. */
export interface SourcePlace {
  /** From 1; LF, CRLF and a lone CR each end a line (seen with 2.26.3). */
  readonly line: number;
  /** From 1, in bytes of UTF-8 (seen with 2.26.3). */
  readonly column: number;
  /** Relative to the flake's folder: `flake.nix`. */
  readonly file: string;
}

/** What an input, or an override of an input's own input, says of its source. */
export interface InputOverride {
  readonly url?: string;
  readonly flake?: boolean;
  readonly follows?: string;
  /** Of the url literal in flake.nix; absent for an attribute set. */
  readonly position?: SourcePlace;
  /** Of an input written as an attribute set (`type = "github"; owner = …`). */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Each attribute that has a place in a file. */
  readonly places?: Readonly<Record<string, SourcePlace>>;
}

export interface ParsedInput extends InputOverride {
  readonly name: string;
  /** Of its own inputs, by path: `nixpkgs` of `inputs.X.inputs.nixpkgs`, `a/b` of `inputs.X.inputs.a.inputs.b`. */
  readonly overrides: Readonly<Record<string, InputOverride>>;
}

export interface FlakeInputs {
  readonly inputs: readonly ParsedInput[];
  /** Arguments of `outputs` besides `self`; true: has a default. */
  readonly outputArguments: Readonly<Record<string, boolean>>;
  readonly nixConfig: Readonly<Record<string, unknown>>;
}

/** What `nix_attr` answers: does this attribute exist in the locked nixpkgs, and what is it. */
export interface AttributeFacts {
  readonly attribute: string;
  readonly exists: boolean;
  readonly derivation: boolean;
  readonly name?: string;
  readonly version?: string;
  /** Near names in the same attribute set. */
  readonly near: readonly string[];
}

/** Where crate2nix is to look: names and paths of a flake. */
export interface CargoNixRequest {
  /** Name of the input that is crate2nix. */
  readonly input: string;
  /** Folder of Cargo.nix relative to the flake. */
  readonly folder: string;
  /** The workspace's Cargo.toml relative to that folder. */
  readonly manifest: string;
}

export interface GeneratedCargoNix {
  readonly cargoNix: string;
  /** Where crates come from git. */
  readonly crateHashes?: string;
}

export interface Nix {
  readonly version: string;
  /** `x86_64-linux` and so on. */
  readonly system: string;
  /** How many Nix processes were started so far. */
  readonly processes: number;
  /** nix-instantiate --parse of each file (absolute paths). */
  parse(files: readonly string[], options?: RunNixOptions): Promise<NixResult<null>>;
  /** Declared inputs, judged by evaluation under --restrict-eval, never by text. */
  inputs(flakeDirectory: string, options?: RunNixOptions): Promise<NixResult<FlakeInputs>>;
  /** Those of several flakes by one evaluation, in the order of their folders below `directory`. */
  inputsBelow(directory: string, folders: readonly string[], options?: RunNixOptions): Promise<NixResult<readonly FlakeInputs[]>>;
  /** Writes flake.lock; `update` names inputs to move. */
  lock(flakeDirectory: string, options?: RunNixOptions & { readonly update?: readonly string[] }): Promise<NixResult<null>>;
  /**
   * Evaluates `.#ATTR` (a full attribute path; "" is the whole set of outputs) with --no-update-lock-file; `apply` is a Nix function applied
   * to it. Several attributes are best asked for in one call: "" with an apply that selects them.
   */
  evaluate(
    flakeDirectory: string,
    attribute: string,
    options?: RunNixOptions & { readonly apply?: string },
  ): Promise<NixResult<unknown>>;
  /** Builds full attribute paths (`packages.x86_64-linux.default`) or `.drv^*`; --no-link, --no-update-lock-file. */
  build(flakeDirectory: string, attributes: readonly string[], options?: BuildOptions): Promise<NixResult<readonly Built[]>>;
  /** nix flake check (all checks of this system; other systems evaluated too where this Nix can). */
  flakeCheck(flakeDirectory: string, options?: RunNixOptions): Promise<NixResult<null>>;
  /** nix develop .#shell --ignore-environment -c argv. */
  develop(
    flakeDirectory: string,
    shell: string,
    argv: readonly string[],
    options?: RunNixOptions,
  ): Promise<NixResult<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>>;
  /** The sha256 (hex) of the NAR of each store path; a path whose hash this Nix does not tell is left out. */
  narHashes(paths: readonly string[], options?: RunNixOptions): Promise<NixResult<Readonly<Record<string, string>>>>;
  /** The stored log of a derivation, cleaned; undefined when there is none. */
  log(derivation: string, options?: RunNixOptions): Promise<string | undefined>;
  /** Asks the nixpkgs that this flake has locked. */
  attribute(flakeDirectory: string, attribute: string, options?: RunNixOptions): Promise<NixResult<AttributeFacts>>;
  /** Builds an attribute of the nixpkgs that this flake has locked (a tool that a mechanic needs). */
  buildFromNixpkgs(flakeDirectory: string, attribute: string, options?: RunNixOptions): Promise<NixResult<Built>>;
  /** What the flake's own crate2nix writes for the tracked files of the project; the tool runs in the sandbox, and nothing is written. */
  generateCargoNix(
    flakeDirectory: string,
    request: CargoNixRequest,
    options?: RunNixOptions,
  ): Promise<NixResult<GeneratedCargoNix>>;
}
