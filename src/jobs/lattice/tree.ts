import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GENERATED } from "../../nix/lattice/flake-text.ts";
import { latticeFlakes, type NodeFiles } from "../../nix/lattice/generate.ts";
import {
  folderOf,
  LATTICE_FILE,
  type Lattice,
  type LatticeNode,
  type LatticeProblem,
  parseLattice,
} from "../../nix/lattice/plan.ts";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import type { Nix, RunNixOptions } from "../../nix/nix.ts";
import { insideJail } from "../../repo/workspace/jail.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import { git } from "../../system/git.ts";

/** A lattice as it lies in a private copy of the checkout. */

export interface LatticePlaceOnDisk {
  readonly nix: Nix;
  readonly workspace: Workspace;
  /** Folder of lattice.toml relative to the repository; `.` is its root. */
  readonly folder: string;
  readonly run: RunNixOptions & { readonly signal: AbortSignal };
}

/** What a node may carry besides its flake, by kind. Of a crate one of the last two is enough. */
export const CARRIED: Readonly<Record<LatticeNode["kind"], readonly string[]>> = {
  config: ["config.toml"],
  crate: ["Cargo.toml", "lib.rs", "main.rs"],
  nix: ["node.nix"],
};

/** A path of the lattice relative to the repository. */
export const inRepository = (folder: string, path: string): string =>
  folder === "." ? path : path === "." ? folder : `${folder}/${path}`;

/** The folder of a flake of the lattice in the private copy; `.` is the root flake. */
export const directoryOf = ({ workspace, folder }: LatticePlaceOnDisk, flake: string): string =>
  join(workspace.directory, folder, flake);

/** Files of a lattice that nobody wants: enough to stop at a wrong folder. */
const MAX_FILES = 20_000;

/**
 * Copies what git does not track (and does not ignore) below the lattice's folder into the private copy, and lets git track it there.
 * @returns the paths: in the checkout no flake sees them yet
 */
export async function adoptFolder({ origin, directory, git: isGit }: Workspace, folder: string): Promise<readonly string[]> {
  if (!isGit) return [];
  const listed = await git(["ls-files", "-z", "--others", "--exclude-standard", "--", `:(literal)${folder}`], { cwd: origin });
  const paths = listed
    .split("\0")
    .filter((path) => path !== "")
    .slice(0, MAX_FILES);
  for (const path of paths) {
    const target = await insideJail(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(origin, path), target, { verbatimSymlinks: true });
  }
  await track(directory, paths);
  return paths;
}

/** Lets git track files of the private copy without their content, so that a flake sees them. */
export async function track(directory: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await git(["add", "--intent-to-add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    cwd: directory,
    stdin: paths.map((path) => `:(literal)${path}`).join("\0"),
  });
}

export interface ReadLattice {
  readonly lattice: Lattice;
  /** Text of lattice.toml as it is. */
  readonly plan: string;
  readonly files: ReadonlyMap<string, NodeFiles>;
}

export type LatticeRead =
  | { readonly ok: true; readonly read: ReadLattice }
  | { readonly ok: false; readonly problems: readonly LatticeProblem[] };

/** The plan and what its nodes carry; undefined text is a file that is not there. */
export async function readLattice({ workspace, folder }: LatticePlaceOnDisk): Promise<LatticeRead> {
  const path = inRepository(folder, LATTICE_FILE);
  const plan = await readWorktreeFile(workspace.directory, path);
  if (plan === undefined) {
    const next = `Make a lattice with \`crq-agent lattice init ${folder}\`, or name its folder with --dir.`;
    return { ok: false, problems: [{ file: path, line: 1, message: "there is no lattice.toml", next }] };
  }
  const parsed = parseLattice(path, plan);
  if (!parsed.ok) return parsed;
  const files = new Map<string, NodeFiles>();
  for (const node of parsed.lattice.nodes) {
    const carried: Record<string, string> = {};
    for (const name of CARRIED[node.kind]) {
      const text = await readWorktreeFile(workspace.directory, inRepository(folder, `${folderOf(node)}/${name}`));
      if (text !== undefined) carried[name] = text;
    }
    files.set(node.name, carried);
  }
  return { ok: true, read: { lattice: parsed.lattice, plan, files } };
}

export interface StaleFlake {
  /** Relative to the repository. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
  /** Somebody's own flake: it is never written over. */
  readonly own: boolean;
}

/** Flakes that differ from what the plan gives. */
export async function staleFlakes(
  { workspace, folder }: LatticePlaceOnDisk,
  { lattice, files }: ReadLattice,
): Promise<readonly StaleFlake[]> {
  const stale: StaleFlake[] = [];
  for (const { path, text } of latticeFlakes(lattice, (node) => Object.keys(files.get(node) ?? {}))) {
    const full = inRepository(folder, path);
    const before = await readWorktreeFile(workspace.directory, full);
    if (before !== text)
      stale.push({ path: full, before, after: text, own: before !== undefined && !before.startsWith(GENERATED) });
  }
  return stale;
}
