import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromAttributes, identicalReference, parseFlakeReference } from "../nix/flake-reference.ts";
import { parseLock } from "../nix/lock.ts";
import type { Nix, NixFailure, RunNixOptions } from "../nix/nix.ts";
import { bind, set, string } from "../nix/recipes/nix-syntax.ts";
import { type LockedFlake, lockedInput } from "../nix/sibling-flakes/locked-flake.ts";
import { git } from "../system/git.ts";

/** Which commit of nixpkgs generated flakes are locked to: the one that a lock of the repository has already, else the one Nix finds now. */

export type NixpkgsLock =
  | { readonly ok: true; readonly flake: LockedFlake }
  | { readonly ok: false; readonly problem: string; readonly failure: NixFailure | undefined };

export interface NixpkgsQuestion {
  /** Lock files to look into first. */
  readonly locks: readonly string[];
  /** Flake reference. */
  readonly nixpkgs: string;
  /** Absent: only the locks are looked into. */
  readonly nix: Nix | undefined;
  /** A folder that may be made and is removed again; absent: one of the system's temporary folders. */
  readonly scratch?: string;
  readonly run: RunNixOptions;
}

export async function lockNixpkgs({ locks, nixpkgs, nix, scratch, run }: NixpkgsQuestion): Promise<NixpkgsLock> {
  for (const file of locks) {
    const flake = nixpkgsOf(await readFile(file, "utf8").catch(() => ""), nixpkgs);
    if (flake) return { ok: true, flake };
  }
  if (nix === undefined) return { ok: false, problem: `no lock of this repository has ${nixpkgs}`, failure: undefined };
  const folder = scratch ?? (await mkdtemp(join(tmpdir(), "crq-nixpkgs-")));
  await mkdir(folder, { recursive: true });
  try {
    const flake = set([bind("inputs.nixpkgs.url", string(nixpkgs)), bind("outputs", "_: { }")]);
    await writeFile(join(folder, "flake.nix"), `${flake}\n`);
    // Caches may lie in somebody's git worktree, of which Nix would take the tracked files alone.
    await git(["init", "--quiet"], { cwd: folder });
    await git(["add", "flake.nix"], { cwd: folder });
    const made = await nix.lock(folder, run);
    if (!made.ok) return { ok: false, problem: `${nixpkgs} could not be locked: ${made.diagnoses[0].message}`, failure: made };
    const found = nixpkgsOf(await readFile(join(folder, "flake.lock"), "utf8"), nixpkgs);
    return found ? { ok: true, flake: found } : { ok: false, problem: `Nix wrote a lock without ${nixpkgs}`, failure: undefined };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a lock text has for this reference: its input `nixpkgs`, or any node that takes nothing itself. */
function nixpkgsOf(text: string, url: string): LockedFlake | undefined {
  const parsed = parseLock(text);
  const wanted = parseFlakeReference(url);
  if (!parsed.ok || !wanted) return undefined;
  const { lock } = parsed;
  const taken = lockedInput(lock, "nixpkgs");
  const others = Object.values(lock.nodes).flatMap(({ inputs, ...fields }): LockedFlake[] =>
    inputs ? [] : [{ fields, inputs: new Map() }],
  );
  return [...(taken ? [taken] : []), ...others].find(({ fields: { original, locked } }) => {
    const was = original && fromAttributes(original);
    return locked !== undefined && was !== undefined && identicalReference(was, wanted);
  });
}
