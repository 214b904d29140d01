import type { ExecutionEnvironment } from "../system/environment/execution-environment.ts";

/** A folder of flake inputs served offline (docs/reference/worlds). */
export interface World {
  readonly name: string;
  readonly directory: string;
  /** `record`: the folder grew while it was open, and `hash` is that of its beginning. */
  readonly mode: "replay" | "record";
  /** sha256 over the folder's sorted list of paths, modes and contents. */
  readonly hash: string;
  /** sha256 of the version texts of the host tools the world builds with. */
  readonly toolchain: string;
  readonly provides: readonly string[];
  /** Lines about what exists, equal for all models. */
  readonly announce: readonly string[];
  readonly environment: ExecutionEnvironment;
}
