import { posix } from "node:path";
import { outputsFunction } from "../../../nix/gate/outputs-question.ts";
import type { GateRefusal } from "../../../nix/gate/proposal.ts";
import { LATTICE_FILE } from "../../../nix/lattice/plan.ts";
import type { MechanicResult } from "../../../nix/mechanics/mechanic.ts";
import { readWorktreeFile, stageNewFiles, undoMechanics } from "../../../nix/mechanics/worktree-files.ts";
import type { RunNixOptions } from "../../../nix/nix.ts";
import type { FileChange } from "../../../repo/workspace/edits.ts";
import { type Workspace, writeChanges } from "../../../repo/workspace/workspace.ts";
import type { JobPlace } from "../../job-place.ts";
import { lockChanges } from "../../lattice/lock.ts";
import { readLattice, staleFlakes } from "../../lattice/tree.ts";

/**
 * Flakes below the repository's own: a lattice, or the steps of a build. Their topmost flake takes all others as inputs, so that one
 * evaluation of it judges hundreds. A refusal has undone the locks.
 */

export type NestedVerdict =
  | { readonly ok: true; readonly mechanics: readonly MechanicResult[] }
  | { readonly ok: false; readonly refusal: GateRefusal };

export async function judgeNestedFlakes(
  changes: readonly FileChange[],
  { place, workspace, systems }: { readonly place: JobPlace; readonly workspace: Workspace; readonly systems: readonly string[] },
  run: RunNixOptions & { readonly signal: AbortSignal },
): Promise<NestedVerdict> {
  const mechanics: MechanicResult[] = [];
  for (const folder of await topmostFlakes(changes, workspace.directory)) {
    const failure =
      (await lockLattice(folder, { place, workspace, run }, mechanics)) ??
      (await evaluate(folder, place, workspace, systems, run));
    if (failure === undefined) continue;
    await undoMechanics(workspace.directory, mechanics);
    return { ok: false, refusal: failure };
  }
  return { ok: true, mechanics };
}

/** Of each changed flake or plan below the root the highest folder above it that is a flake too, the root left out. */
async function topmostFlakes(changes: readonly FileChange[], directory: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { path, after } of changes) {
    const folder = posix.dirname(path);
    if (after === undefined || folder === "." || !NESTED.has(posix.basename(path))) continue;
    const above = folder.split("/").map((_, depth, names) => names.slice(0, depth + 1).join("/"));
    for (const candidate of above) {
      if ((await readWorktreeFile(directory, `${candidate}/flake.nix`)) === undefined) continue;
      found.add(candidate);
      break;
    }
  }
  return [...found];
}

const NESTED: ReadonlySet<string> = new Set(["flake.nix", "flake.lock", LATTICE_FILE, "node.nix", "step.nix"]);

/**
 * Locks of a lattice follow from its plan; those of step flakes come with them. While a flake is not as planned no lock would fit it: what
 * lies there is evaluated, and `lattice check` asks for the rest.
 */
async function lockLattice(
  folder: string,
  {
    place,
    workspace,
    run,
  }: { readonly place: JobPlace; readonly workspace: Workspace; readonly run: RunNixOptions & { readonly signal: AbortSignal } },
  mechanics: MechanicResult[],
): Promise<GateRefusal | undefined> {
  const { directory } = workspace;
  const plan = posix.join(folder, LATTICE_FILE);
  if ((await readWorktreeFile(directory, plan)) === undefined) return undefined;
  const onDisk = { nix: place.nix, workspace, folder, run };
  const read = await readLattice(onDisk);
  // An unreadable plan is the check's to judge; what stands of flakes is still evaluated.
  if (!read.ok || (await staleFlakes(onDisk, read.read)).length > 0) return undefined;
  const { nixpkgs } = read.read.lattice;
  const locked = await lockChanges(onDisk, read.read.lattice);
  if (!locked.ok && locked.failure) {
    const { diagnoses, why } = locked.failure;
    return { ...REFUSAL, stage: "lock", diagnoses, why };
  }
  if (!locked.ok) {
    const next = `Write a \`nixpkgs\` in ${plan} that Nix can lock, instead of ${nixpkgs}.`;
    const problem = { rule: "lattice-lock", file: plan, line: 1, message: locked.problem, next };
    return { ...REFUSAL, stage: "lock", problems: [problem], diagnoses: [], why: "failed" };
  }
  const { changes } = locked;
  await writeChanges(directory, changes);
  const edits = changes.flatMap(({ path, before, after }) => (after === undefined ? [] : [{ path, before, after }]));
  const staged = edits.flatMap(({ path, before }) => (before === undefined ? [path] : []));
  await stageNewFiles(directory, staged);
  if (edits.length > 0) {
    const detail = `the locks of ${edits.length} flakes in ${folder} are written, with one nixpkgs for all`;
    mechanics.push({ name: "write-lock", detail, edits, staged });
  }
  return undefined;
}

async function evaluate(
  folder: string,
  { nix }: JobPlace,
  { directory }: Workspace,
  systems: readonly string[],
  run: RunNixOptions,
): Promise<GateRefusal | undefined> {
  const apply = outputsFunction(nix.system, systems.length > 0 ? systems : [nix.system], []);
  const evaluated = await nix.evaluate(posix.join(directory, folder), "", { ...run, apply });
  return evaluated.ok ? undefined : { ...REFUSAL, stage: "eval", diagnoses: evaluated.diagnoses, why: evaluated.why };
}

const REFUSAL = { ok: false, problems: [], pending: true, mechanics: [] } as const;
