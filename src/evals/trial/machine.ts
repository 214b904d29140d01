import type { Host } from "../../system/environment/host.ts";

/** What all trials of one run share: this machine, the program, and the world they run in. */
export interface Machine {
  /** Folder that holds the program: dist/ or src/, prompts/, evals/world, a clone's .prefix. */
  readonly packageRoot: string;
  readonly host: Host;
  readonly world: TrialWorld;
  /** none: `--unsafe-local`, said in every result. */
  readonly isolation: "bwrap" | "none";
  /** Folder for the program as Node compiled it, which every trial's sandbox shows read-only; absent: each trial compiles it anew. */
  readonly compiled?: string;
  /** Folder in which each task is staged once, to be copied for its trials (see `stageCopy`); absent: each trial stages it anew. */
  readonly staged?: string;
}

/** Where Nix's requests are answered. A measured run replays. */
export type TrialWorld =
  | { readonly mode: "replay"; readonly directory: string }
  | { readonly mode: "record"; readonly directory: string }
  | { readonly mode: "live" };
