import { z } from "zod";

/** flake.lock as far as checks look at it. Pure. */

const node = z.looseObject({
  inputs: z.record(z.string(), z.union([z.string(), z.array(z.string())])).exactOptional(),
  locked: z.looseObject({ narHash: z.string().exactOptional(), lastModified: z.number().exactOptional() }).exactOptional(),
  /** Of an input inside its parent flake's own tree. */
  parent: z.array(z.string()).exactOptional(),
  original: z.record(z.string(), z.unknown()).exactOptional(),
});

const lockFile = z.looseObject({ version: z.number(), root: z.string(), nodes: z.record(z.string(), node) });

export type LockNode = z.infer<typeof node>;
export interface LockFile {
  readonly root: string;
  readonly nodes: Readonly<Record<string, LockNode>>;
}

export function parseLock(text: string): { readonly lock: LockFile } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problem: `flake.lock is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = lockFile.safeParse(json);
  if (parsed.success) return { lock: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `flake.lock is no lock file: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim() };
}

/** The node of a direct input, `follows` resolved; undefined when the lock has none. */
export function nodeOfInput(lock: LockFile, input: string): LockNode | undefined {
  return resolve(lock, [input], 0);
}

/** A path of input names from the root. Lists of names are `follows`, again from the root. */
function resolve(lock: LockFile, path: readonly string[], depth: number): LockNode | undefined {
  let key: string | undefined = lock.root;
  for (const name of path) {
    const next: string | string[] | undefined = key === undefined ? undefined : lock.nodes[key]?.inputs?.[name];
    if (next === undefined) return undefined;
    if (typeof next === "string") key = next;
    else if (depth > 20) return undefined;
    else return resolve(lock, [...next, ...path.slice(path.indexOf(name) + 1)], depth + 1);
  }
  return key === undefined ? undefined : lock.nodes[key];
}

/** Names of the direct inputs. */
export function lockedInputs(lock: LockFile): readonly string[] {
  return Object.keys(lock.nodes[lock.root]?.inputs ?? {});
}

/** Keys of all nodes but the root. */
export function otherNodes(lock: LockFile): readonly string[] {
  return Object.keys(lock.nodes).filter((key) => key !== lock.root);
}
