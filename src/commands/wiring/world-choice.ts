import { resolve } from "node:path";
import type { CliContext } from "./context.ts";

/** Where flake inputs come from: the person's own network, a world's folder, or the network into such a folder. */
export type WorldChoice = { readonly mode: "live" } | { readonly mode: "replay" | "record"; readonly folder: string };

export interface WorldOptions {
  readonly world?: string;
  readonly recordWorld?: string;
  /** What the verbs do anyway: said for scripts that want to be sure. */
  readonly live?: boolean;
}

export function worldChoice({ world, recordWorld, live }: WorldOptions): WorldChoice {
  if (live) return { mode: "live" };
  if (recordWorld !== undefined) return { mode: "record", folder: recordWorld };
  return world === undefined ? { mode: "live" } : { mode: "replay", folder: world };
}

/** How a session's request keeps it, so that resuming it does the same again. */
export const worldRequest = (
  context: CliContext,
  { world, recordWorld }: WorldOptions,
): { readonly world: string | null; readonly recordWorld: string | null } => ({
  world: world ?? null,
  recordWorld: recordWorld === undefined ? null : resolve(context.cwd, recordWorld),
});
