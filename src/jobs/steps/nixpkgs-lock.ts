import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromAttributes, parseFlakeReference, sameReference } from "../../nix/flake-reference.ts";
import { type LockNode, parseLock } from "../../nix/lock.ts";
import type { Nix, RunNixOptions } from "../../nix/nix.ts";
import { bind, set, string } from "../../nix/recipes/nix-syntax.ts";
import { git } from "../../system/git.ts";

/** Which commit of nixpkgs generated flakes are locked to: the one that a lock of the repository has already, else the one Nix finds now. */

export type NixpkgsLock = { readonly ok: true; readonly node: LockNode } | { readonly ok: false; readonly problem: string };

export interface NixpkgsQuestion {
  /** Lock files to look into first. */
  readonly locks: readonly string[];
  /** Flake reference. */
  readonly nixpkgs: string;
  /** Absent: only the locks are looked into. */
  readonly nix: Nix | undefined;
  /** A folder that may be made and is removed again. */
  readonly scratch: string;
  readonly run: RunNixOptions;
}

export async function lockNixpkgs({ locks, nixpkgs, nix, scratch, run }: NixpkgsQuestion): Promise<NixpkgsLock> {
  for (const file of locks) {
    const node = nodeOf(await readFile(file, "utf8").catch(() => ""), nixpkgs);
    if (node) return { ok: true, node };
  }
  if (nix === undefined) return { ok: false, problem: `no lock of this repository has ${nixpkgs}` };
  await mkdir(scratch, { recursive: true });
  try {
    const flake = set([bind("inputs.nixpkgs.url", string(nixpkgs)), bind("outputs", "_: { }")]);
    await writeFile(join(scratch, "flake.nix"), `${flake}\n`);
    // Caches may lie in somebody's git worktree, of which Nix would take the tracked files alone.
    await git(["init", "--quiet"], { cwd: scratch });
    await git(["add", "flake.nix"], { cwd: scratch });
    const locked = await nix.lock(scratch, run);
    if (!locked.ok) return { ok: false, problem: `${nixpkgs} could not be locked: ${locked.diagnoses[0].message}` };
    const node = nodeOf(await readFile(join(scratch, "flake.lock"), "utf8"), nixpkgs);
    return node ? { ok: true, node } : { ok: false, problem: `Nix wrote a lock without ${nixpkgs}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The node of a lock text whose reference is this one. */
function nodeOf(text: string, url: string): LockNode | undefined {
  const parsed = parseLock(text);
  const wanted = parseFlakeReference(url);
  if (!parsed.ok || !wanted) return undefined;
  return Object.values(parsed.lock.nodes).find(({ original, locked, inputs }) => {
    const was = original && fromAttributes(original);
    return locked !== undefined && inputs === undefined && was !== undefined && sameReference(was, wanted);
  });
}
