import { z } from "zod";
import {
  formatFlakeReference,
  fromAttributes,
  type InputAttributes,
  parseFlakeReference,
  sameReference,
} from "./flake-reference.ts";
import type { ParsedInput } from "./nix.ts";

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

/** Steps from one input to its node: a lock that was written by hand may go in circles or fan out. */
const MAX_STEPS = 1_000;

/** Name of the node that an input of a node means; `follows` paths go from the root. */
export function resolveInput(lock: FlakeLock, node: string, input: string, budget = { left: MAX_STEPS }): string | undefined {
  const target = lock.nodes[node]?.inputs?.[input];
  if (target === undefined || typeof target === "string") return target;
  let at: string | undefined = lock.root;
  for (const name of target) {
    budget.left -= 1;
    at = at === undefined || budget.left < 0 ? undefined : resolveInput(lock, at, name, budget);
  }
  return at;
}

/** Name of the node at a path of inputs from the root. */
export function resolvePath(lock: FlakeLock, path: readonly string[]): string | undefined {
  return path.reduce<string | undefined>(
    (node, name) => (node === undefined ? undefined : resolveInput(lock, node, name)),
    lock.root,
  );
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
    inputs.find((input) => /nixpkgs/iu.test(`${input} ${String(locked(input)?.repo ?? "")}`));
  const attributes = name === undefined ? undefined : locked(name);
  return attributes === undefined ? undefined : formatFlakeReference(attributes);
}

/** One input, by its path from the root flake, whose pin differs between two locks. */
export interface MovedInput {
  /** `nixpkgs`, or `naersk/nixpkgs` for an input of an input. */
  readonly input: string;
  /** Absent: new. */
  readonly from?: string;
  /** Absent: gone. */
  readonly to?: string;
}

/** Paths that are listed; real locks have hundreds at most. */
const MAX_PATHS = 10_000;

/** Every input path from the root with the node it leads to; what `follows` leads to has its inputs listed where it is an input itself. */
export function inputPaths(lock: FlakeLock): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const visit = (node: string, prefix: string, seen: readonly string[]): void => {
    for (const [input, declared] of Object.entries(lock.nodes[node]?.inputs ?? {})) {
      const target = resolveInput(lock, node, input);
      if (target === undefined || paths.size >= MAX_PATHS) continue;
      paths.set(`${prefix}${input}`, target);
      if (typeof declared === "string" && !seen.includes(target)) visit(target, `${prefix}${input}/`, [...seen, target]);
    }
  };
  visit(lock.root, "", [lock.root]);
  return paths;
}

/** Which pins a lock step moved: what a person must see besides the diff, and what must be the intended inputs only. */
export function movedInputs(before: FlakeLock | undefined, after: FlakeLock): readonly MovedInput[] {
  const pins = (lock: FlakeLock | undefined): ReadonlyMap<string, string> => {
    if (!lock) return new Map();
    return new Map([...inputPaths(lock)].map(([path, node]) => [path, formatFlakeReference(lock.nodes[node]?.locked ?? {})]));
  };
  const old = pins(before);
  const fresh = pins(after);
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((input) => {
    const from = old.get(input);
    const to = fresh.get(input);
    return from === to ? [] : [{ input, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

/**
 * Moved pins that nobody asked for: what neither lies at or below a changed input, nor follows something that does.
 * @param changed inputs by path (`nixpkgs`, or `naersk/nixpkgs` for an override)
 */
export function movedBeyond(before: FlakeLock | undefined, after: FlakeLock, changed: readonly string[]): readonly MovedInput[] {
  const below = (path: string): boolean => changed.some((name) => path === name || path.startsWith(`${name}/`));
  const paths = inputPaths(after);
  const intended = new Set([...paths].flatMap(([path, node]) => (below(path) ? [node] : [])));
  return movedInputs(before, after).filter(
    ({ input, from, to }) => from !== undefined && to !== undefined && !below(input) && !intended.has(paths.get(input) ?? ""),
  );
}

export interface LockProblem {
  readonly input: string;
  readonly rule: "missing" | "original-differs" | "no-nar-hash" | "no-revision";
  readonly message: string;
}

/** What a lock must hold: a node with an equal `original` for each declared input, a narHash everywhere, a revision for git sources. */
export function checkLock(lock: FlakeLock, declared: readonly ParsedInput[]): readonly LockProblem[] {
  const problems: LockProblem[] = [];
  const overrides = declared.flatMap((input) =>
    Object.entries(input.overrides).map(([path, { url }]) => ({ name: `${input.name}/${path}`, url })),
  );
  for (const { name, url } of [...declared, ...overrides]) {
    const node = resolvePath(lock, name.split("/"));
    const original = node === undefined ? undefined : lock.nodes[node]?.original;
    // Nix leaves out an override of an input that is not there, and says so.
    if (node === undefined && name.includes("/")) continue;
    if (node === undefined)
      problems.push({ input: name, rule: "missing", message: `flake.lock has no node for the input '${name}'` });
    else if (url !== undefined && original !== undefined) {
      const [wanted, locked] = [parseFlakeReference(url), fromAttributes(original)];
      if (!wanted || !locked || !sameReference(wanted, locked)) {
        problems.push({
          input: name,
          rule: "original-differs",
          message: `flake.lock pins '${name}' from ${formatFlakeReference(original)}, flake.nix says ${url}`,
        });
      }
    }
  }
  for (const [node, { locked }] of Object.entries(lock.nodes)) {
    // An input of a flake's own tree (`path:./sub`, since Nix 2.26) is locked by that tree.
    const relative = locked?.type === "path" && lock.nodes[node]?.parent !== undefined;
    if (node === lock.root || relative) continue;
    if (typeof locked?.narHash !== "string")
      problems.push({ input: node, rule: "no-nar-hash", message: `the node '${node}' has no narHash` });
    const type = locked?.type;
    if ((type === "github" || type === "git" || type === "gitlab" || type === "sourcehut") && typeof locked?.rev !== "string") {
      problems.push({ input: node, rule: "no-revision", message: `the node '${node}' names no revision` });
    }
  }
  return problems;
}
