import { posix } from "node:path";
import { GENERATED } from "../../../nix/lattice/flake-text.ts";
import { generateLattice, latticeFlakes, type NodeFiles } from "../../../nix/lattice/generate.ts";
import { folderOf, LATTICE_FILE, type Lattice, latticeProblems } from "../../../nix/lattice/plan.ts";
import { judgeLattice } from "../../../nix/lattice/policy.ts";
import { readWorktreeFile } from "../../../nix/mechanics/worktree-files.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import type { Generated, GeneratedFile, LatticeRequest } from "../../../tools/generate.ts";
import type { JobPlace } from "../../job-place.ts";
import { splitOf } from "../../lattice/split-crate.ts";
import { CARRIED, type LatticePlaceOnDisk, readLattice } from "../../lattice/tree.ts";
import { folderArgument, nixpkgsArgument } from "./arguments.ts";

/** The lattice that a crate splits into, or the flakes of one that is planned already. */
export async function generateLatticeFiles(
  { folder: given, crate, nixpkgs }: LatticeRequest,
  { place, workspace, systems }: { readonly place: JobPlace; readonly workspace: Workspace; readonly systems: readonly string[] },
  signal: AbortSignal,
): Promise<Generated> {
  const today = new Date(place.now()).toISOString().slice(0, 10);
  const jailed = await folderArgument(workspace.directory, given);
  if ("problem" in jailed || jailed.value === ".")
    return refused(["problem" in jailed ? jailed.problem : "The repository's root has a flake of its own."], GIVE_FOLDER);
  const member = crate === undefined ? undefined : await folderArgument(workspace.directory, crate);
  if (member && "problem" in member) return refused([member.problem], GIVE_FOLDER);
  const source = nixpkgs === undefined ? undefined : nixpkgsArgument(nixpkgs, place.settings, today);
  if (source && "problem" in source)
    return refused([source.problem], "Give a `nixpkgs` such as github:OWNER/nixpkgs/BRANCH that the policy allows, or none.");
  const folder = jailed.value;
  const onDisk: LatticePlaceOnDisk = {
    nix: place.nix,
    workspace,
    folder,
    run: { signal, timeoutMs: place.settings.evalTimeoutMs },
  };
  const planned = (await readWorktreeFile(workspace.directory, posix.join(folder, LATTICE_FILE))) !== undefined;
  const read = planned ? await readLattice(onDisk) : undefined;
  if (read && !read.ok)
    return refused(
      read.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
      read.problems[0]?.next,
    );
  const known = read?.ok ? read.read : undefined;
  if (member === undefined) {
    return known
      ? toFiles(
          known.lattice,
          latticeFlakes(known.lattice, (node) => Object.keys(known.files.get(node) ?? {})),
          folder,
        )
      : refused(
          [`${folder} has no ${LATTICE_FILE}.`],
          "Give `crate`, or write lattice.toml and the files of its nodes with propose_edit first.",
        );
  }
  const split = await splitOf(workspace.directory, member.value);
  if (!split.ok) return refused([`${split.problem}.`], split.next);
  const kept = known?.lattice.nodes.filter(({ kind }) => kind !== "crate") ?? [];
  const lattice: Lattice = {
    nixpkgs: nixpkgs ?? known?.lattice.nixpkgs ?? place.settings.nixpkgs,
    systems: known?.lattice.systems ?? systems,
    nodes: [...kept, ...split.nodes],
    leftOut: split.leftOut,
  };
  const files = new Map<string, NodeFiles>([...(known?.files ?? []), ...split.files]);
  const gone = known?.lattice.nodes.filter(({ name }) => !lattice.nodes.some((node) => node.name === name)) ?? [];
  const made = await toFiles(lattice, generateLattice(lattice, { files }), folder);
  if (!made.ok) return made;
  const removed: GeneratedFile[] = [];
  for (const node of gone) {
    for (const name of ["flake.nix", "flake.lock", ...CARRIED[node.kind]]) {
      const path = posix.join(folder, folderOf(node), name);
      if ((await readWorktreeFile(workspace.directory, path)) !== undefined) removed.push({ path, text: undefined });
    }
  }
  const notes = split.leftOut.map(
    ({ item, file, line, reason }) => `no node of its own gets ${item} (${file}:${line}): ${reason}`,
  );
  return { ok: true, files: [...made.files, ...removed], notes };

  async function toFiles(
    wanted: Lattice,
    generated: readonly { readonly path: string; readonly text: string }[],
    at: string,
  ): Promise<Generated> {
    if (wanted.nodes.length === 0)
      return refused(
        [`${at} would have no node, and a join of nothing is no lattice.`],
        "Plan nodes in lattice.toml, or give `crate`.",
      );
    const wrong = latticeProblems(wanted);
    if (wrong.length > 0) return refused(wrong, "Correct the [[node]] tables of lattice.toml.");
    const { inputPolicy } = place.settings;
    const findings = inputPolicy
      ? judgeLattice(wanted, at, inputPolicy, today).filter(({ severity }) => severity === "error")
      : [];
    if (findings.length > 0)
      return refused(
        findings.map(({ file, message }) => `${file}: ${message}`),
        findings[0]?.next,
      );
    const own: string[] = [];
    const all = generated.map(({ path, text }) => ({ path: posix.join(at, path), text }));
    for (const { path } of all.filter((file) => file.path.endsWith("flake.nix"))) {
      const text = await readWorktreeFile(workspace.directory, path);
      if (text !== undefined && !text.startsWith(GENERATED))
        own.push(`${path} is there and was not generated; it is not written over.`);
    }
    return own.length > 0
      ? refused(
          own,
          "If the generator may write it, delete it with propose_edit and call this again; else give another `folder`.",
        )
      : { ok: true, files: all, notes: [] };
  }
}

const GIVE_FOLDER = "Give folders relative to the repository's root.";

const refused = (problems: readonly string[], next = "Correct lattice.toml and call this again."): Generated => ({
  ok: false,
  problems,
  next,
});
