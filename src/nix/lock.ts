import { z } from "zod";
import { formatFlakeReference, type InputAttributes } from "./flake-reference.ts";

/** flake.lock, format 7 (and 5, 6, which differ in what they may leave out). */

const attributesSchema = z.record(z.string(), z.union([z.string(), z.int(), z.boolean()]));

const nodeSchema = z.looseObject({
  /** Name of another node, or a path from the root (`follows`). */
  inputs: z.record(z.string(), z.union([z.string(), z.array(z.string())])).exactOptional(),
  locked: attributesSchema.exactOptional(),
  original: attributesSchema.exactOptional(),
  flake: z.boolean().exactOptional(),
});

const lockSchema = z.looseObject({ version: z.int().min(5).max(7), root: z.string(), nodes: z.record(z.string(), nodeSchema) });

export type FlakeLock = z.infer<typeof lockSchema>;
export type LockNode = z.infer<typeof nodeSchema>;

export type ParsedLock = { readonly ok: true; readonly lock: FlakeLock } | { readonly ok: false; readonly problem: string };

/** Text of flake.lock; an empty text is a missing file. */
export function parseLock(text: string): ParsedLock {
  if (text.trim() === "") return { ok: false, problem: "there is no flake.lock" };
  try {
    const parsed = lockSchema.safeParse(JSON.parse(text));
    return parsed.success
      ? { ok: true, lock: parsed.data }
      : { ok: false, problem: `flake.lock is not a lock file: ${z.prettifyError(parsed.error).split("\n")[0] ?? ""}` };
  } catch (error) {
    return { ok: false, problem: `flake.lock is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Name of the node that an input of a node means; `follows` paths go from the root. */
export function resolveInput(lock: FlakeLock, node: string, input: string): string | undefined {
  const target = lock.nodes[node]?.inputs?.[input];
  if (target === undefined || typeof target === "string") return target;
  let at: string | undefined = lock.root;
  for (const name of target) at = at === undefined ? undefined : resolveInput(lock, at, name);
  return at;
}

/** The locked reference (with narHash) of the nixpkgs that the root flake uses: the input of that name, else the only one of such a repository. */
export function lockedNixpkgs(lock: FlakeLock): string | undefined {
  const inputs = Object.keys(lock.nodes[lock.root]?.inputs ?? {});
  const locked = (input: string): Readonly<InputAttributes> | undefined => {
    const node = resolveInput(lock, lock.root, input);
    return node === undefined ? undefined : lock.nodes[node]?.locked;
  };
  const name =
    inputs.find((input) => input === "nixpkgs") ??
    inputs.find((input) => /nixpkgs/iu.test(`${input} ${String(locked(input)?.["repo"] ?? "")}`));
  const attributes = name === undefined ? undefined : locked(name);
  return attributes === undefined ? undefined : formatFlakeReference(attributes);
}
