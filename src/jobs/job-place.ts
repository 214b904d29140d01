import type { Limits } from "../agent/limits.ts";
import type { InputJudge } from "../crq/criteria/judge/flake-inputs.ts";
import type { Nix } from "../nix/nix.ts";
import type { InputPolicy } from "../nix/policy/policy.ts";
import type { ExecutionEnvironment } from "../system/environment/execution-environment.ts";
import type { Prompts } from "./prompts.ts";

/** What every job is handed: where children run, which model speaks, where things are kept. Jobs open nothing of it themselves. */
export interface JobPlace {
  readonly environment: ExecutionEnvironment;
  readonly nix: Nix;
  readonly prompts: Prompts;
  readonly limits: Limits;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** `crq-agent@0.1.0`. */
  readonly agent: string;
  /** Folder of the session in the user's state folder: reports, logs, whole tool outputs. */
  readonly sessionFolder: string;
  /** Folder of the session in the user's cache folder: the worktree and pristine copies; removed at a clean end. */
  readonly workFolder: string;
  /** Baselines of this repository, kept between runs. */
  readonly baselineFolder: string;
  /** Something short worth seeing now. */
  readonly progress: (text: string) => void;
  /** Takes keys out of what is kept as evidence. */
  readonly redact: (text: string) => string;
  readonly settings: ProjectSettings;
}

/** Flake reference for nixpkgs where the project names none. */
export const DEFAULT_NIXPKGS = "github:NixOS/nixpkgs/nixos-26.05";

/** What crq-agent.toml says of the project, in the words of the rooms. */
export interface ProjectSettings {
  /** CRQ folder relative to the repository root. */
  readonly crqFolder: string;
  readonly configFile: string;
  readonly nixpkgs: string;
  readonly systems: readonly string[];
  readonly inputPolicy: InputPolicy | undefined;
  readonly judgeInputs: InputJudge | undefined;
  /** Of AGENTS.md and the like that a model is shown. */
  readonly noteCharacters: number;
  readonly buildTimeoutMs: number;
  readonly evalTimeoutMs: number;
}
