import type { ToolContext } from "../../../agent/tool.ts";
import { latticePlaceOf } from "../../../crq/criteria/judge/lattice-place.ts";
import type { TiedWeakening } from "../../../crq/criteria/weakening/waivers.ts";
import type { Waiver } from "../../../crq/model.ts";
import { judgeTexts } from "../../../nix/gate/judge-texts.ts";
import { judgeWorktree } from "../../../nix/gate/judge-worktree.ts";
import type { GatePass, GateProblem, GateQuestion, GateRefusal, GateVerdict } from "../../../nix/gate/proposal.ts";
import { type MechanicPlace, type MechanicResult, textsAfter } from "../../../nix/mechanics/mechanic.ts";
import { readWorktreeFile, trackedFiles, undoMechanics } from "../../../nix/mechanics/worktree-files.ts";
import type { FlakeInputs } from "../../../nix/nix.ts";
import type { LatticePlace } from "../../../nix/policy/lattice-place.ts";
import type { Weakening } from "../../../nix/weakening.ts";
import type { FileChange } from "../../../repo/workspace/edits.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import { git } from "../../../system/git.ts";
import { followProgress } from "../../../tools/progress.ts";
import type { GateAnswer, ProposalGate } from "../../../tools/proposals.ts";
import type { JobPlace } from "../../job-place.ts";
import { generateLockFile } from "./generate-lock-file.ts";
import { judgeNestedFlakes } from "./nested-flakes.ts";
import { weakeningNotes } from "./weakening-notes.ts";

export interface SessionGate extends ProposalGate {
  /** What the mechanics of a build need; they share with the gate what Nix printed and what was undone already. */
  mechanicPlace(context: ToolContext): MechanicPlace;
  /** A hash that a generator has from Nix: its files may hold it. */
  learn(hash: string): void;
}

export interface SessionGateOptions {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  /** Whether a missing Cargo.lock may be made. */
  readonly yes: boolean;
  /** Folder of the root Cargo.toml relative to the repository. */
  readonly cargoRoot: () => Promise<string>;
  readonly systems: readonly string[];
  /** Of the request that is carried out. */
  readonly waivers?: readonly Waiver[];
  /** What the worktree as it is weakens, judged as the criteria judge it; absent: by the texts of a proposal alone. */
  readonly weakened?: (signal: AbortSignal) => Promise<readonly TiedWeakening[]>;
}

/** The Nix room's gate and mechanics, tied to one worktree and to the hashes that Nix printed in this session. */
export function createGate(options: SessionGateOptions): SessionGate {
  const { place, workspace, yes, cargoRoot, systems, waivers = [], weakened } = options;
  const knownHashes = new Set<string>();
  const refuted = new Set<string>();
  let inputs: FlakeInputs | undefined;
  let lattice: LatticePlace | undefined;
  let suspected: readonly Weakening[] = [];
  /** Texts only suspect: what the criteria will say is what counts. */
  const weakeningsOf = async (signal: AbortSignal): Promise<readonly string[]> => {
    if (suspected.length === 0) return [];
    const found = weakened ? await weakened(signal) : suspected;
    const there = await git(["ls-tree", "-r", "-z", "--name-only", workspace.base], { cwd: workspace.directory });
    const paths = new Set(there.split("\0"));
    const today = new Date(place.now()).toISOString().slice(0, 10);
    return weakeningNotes(found, { waivers, today, atBase: (path) => paths.has(path) });
  };
  const question = (
    changes: readonly FileChange[],
    { signal, note }: ToolContext,
  ): GateQuestion & { readonly knownHashes: Set<string> } => ({
    nix: place.nix,
    worktree: workspace.directory,
    changes,
    base: workspace.base,
    knownHashes,
    systems,
    run: { signal, timeoutMs: place.settings.evalTimeoutMs, onProgress: followProgress(note, place.progress) },
    ...(place.settings.inputPolicy && { policy: place.settings.inputPolicy }),
    ...(lattice && { lattice }),
  });
  const mechanics = {
    ...(yes && {
      generateLockFile: async (options?: GateQuestion["run"]) => generateLockFile(place, workspace, await cargoRoot(), options),
    }),
  };
  /** One that passes at the root and not below it has done nothing. */
  const withNested = async (
    judged: GatePass,
    changes: readonly FileChange[],
    run: Parameters<typeof judgeNestedFlakes>[2],
  ): Promise<GateVerdict> => {
    const nested = await judgeNestedFlakes(changes, { place, workspace, systems }, run);
    if (nested.ok) return { ...judged, mechanics: [...judged.mechanics, ...nested.mechanics] };
    await undoMechanics(workspace.directory, judged.mechanics);
    return nested.refusal;
  };
  return {
    async before(changes, context) {
      lattice = await latticeOfRoot(workspace.directory, changes);
      const verdict = await judgeTexts(question(changes, context));
      inputs = verdict.ok ? verdict.inputs : undefined;
      if (!verdict.ok) return refused(verdict);
      suspected = verdict.weakenings;
      return { ok: true, mechanics: [], texts: {}, answered: [], notes: verdict.notes };
    },
    async after(changes, context) {
      const asked = question(changes, context);
      const judged = await judgeWorktree({ ...asked, ...mechanics, refuted, ...(inputs && { inputs }) });
      const verdict = judged.ok ? await withNested(judged, changes, { ...asked.run, signal: context.signal }) : judged;
      for (const done of verdict.ok ? verdict.mechanics : []) noteMechanic(done, context);
      return verdict.ok
        ? {
            ok: true,
            mechanics: verdict.mechanics.map(({ detail }) => detail),
            texts: textsAfter(verdict.mechanics),
            answered: verdict.answered,
            notes: [...verdict.notes, ...(await weakeningsOf(context.signal))],
          }
        : refused(verdict);
    },
    learn(hash) {
      knownHashes.add(hash);
    },
    mechanicPlace(context) {
      const { changes: _, systems: _systems, ...where } = question([], context);
      return { ...where, ...mechanics, refuted };
    },
  };
}

/** The lattices of the repository as they would be with the changes. */
async function latticeOfRoot(directory: string, changes: readonly FileChange[]): Promise<LatticePlace | undefined> {
  const changed = new Map(changes.map(({ path, after }) => [path, after]));
  const tracked = (await trackedFiles(directory, ".")).filter((path) => !changed.has(path));
  return latticePlaceOf(".", {
    paths: [...tracked, ...changes.flatMap(({ path, after }) => (after === undefined ? [] : [path]))],
    read: async (path) => (changed.has(path) ? changed.get(path) : readWorktreeFile(directory, path)),
  });
}

function noteMechanic(done: MechanicResult, { note }: ToolContext): void {
  note({ note: "mechanic", name: done.name, detail: done.detail, paths: pathsOf(done) });
}

const pathsOf = ({ edits, staged }: MechanicResult): readonly string[] => [
  ...new Set([...edits.map(({ path }) => path), ...staged]),
];

function refused({ stage, problems, diagnoses, why }: GateRefusal): Extract<GateAnswer, { ok: false }> {
  const unjudged = {
    failed: [],
    unavailable: ["It could not be judged: Nix or an input is not to be had here."],
    timeout: ["It could not be judged in time."],
    aborted: ["The judgement was interrupted."],
  }[why];
  return { ok: false, stage, problems: [...unjudged, ...problems.map(problemText)], diagnoses, mechanics: [] };
}

const problemText = ({ rule, file, line, message, next }: GateProblem): string =>
  `${file}:${line}: ${message} (${rule}). ${next}`;
