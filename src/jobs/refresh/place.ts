import type { Nix, RunNixOptions } from "../../nix/nix.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import type { JobPlace } from "../job-place.ts";

/** Where refreshing works: a private copy of the checkout as it is, changes of tracked files included. */
export interface RefreshPlace {
  readonly job: JobPlace;
  readonly nix: Nix;
  readonly workspace: Workspace;
  /** Of the flake: the root of the copy. */
  readonly directory: string;
  readonly run: RunNixOptions & { readonly signal: AbortSignal };
}
