import type { EventBody } from "../agent/events.ts";
import type { ToolContext } from "../agent/tool.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";
import { stageNewFiles } from "../nix/mechanics/worktree-files.ts";
import type { CargoProject } from "../repo/facts.ts";
import { survey } from "../repo/survey.ts";
import type { FileChange } from "../repo/workspace/edits.ts";
import { readState, snapshot, type Workspace } from "../repo/workspace/workspace.ts";
import { git } from "../system/git.ts";
import type { JobPlace } from "./job-place.ts";
import { syncCargoLock } from "./refresh/cargo-lock.ts";
import { writeCargoNix } from "./refresh/cargo-nix.ts";
import type { Change, Open, RefreshStep, StepResult } from "./refresh/findings.ts";
import { lockInputs } from "./refresh/flake-lock.ts";
import { type BuildStep, buildPackages, renewVendorHashes } from "./refresh/hashes.ts";
import type { RefreshPlace } from "./refresh/place.ts";
import { pinToolchain } from "./refresh/toolchain.ts";
import { adoptUntracked } from "./repair/from-checkout.ts";
import { offeredOutputs, packagesOf } from "./repair/targets.ts";
import { createGate } from "./work/gate/proposal-gate.ts";

/**
 * `crq-agent refresh` up to the question whether to write: lock, hashes and toolchain pins are brought in step with Cargo.lock and rust-version
 * in a private copy of the checkout as it is, by rules alone, and the packages are built with what came of it.
 */

export interface RefreshInput {
  readonly place: JobPlace;
  /** A copy of the checkout with its changes of tracked files. */
  readonly workspace: Workspace;
  /** Inputs to move. */
  readonly update: readonly string[];
}

export interface Refreshed {
  readonly outcome:
    | { readonly kind: "in-step" }
    | { readonly kind: "planned" }
    | {
        readonly kind: "refused";
        readonly step: RefreshStep;
        readonly why: "failed" | "timeout" | "aborted" | "unavailable";
        readonly message: string;
        readonly next: string;
        readonly diagnoses: readonly Diagnosis[];
      };
  readonly changes: readonly Change[];
  readonly open: readonly Open[];
  /** Against the checkout; none where something was refused. */
  readonly files: readonly FileChange[];
  readonly diff: string;
  /** Full attribute paths that were built with all of it. */
  readonly built: readonly string[];
  readonly builds: number;
  /** Files that lie in the checkout and that git does not track: a flake does not see them. */
  readonly untracked: readonly string[];
}

/** Files that a person may have made and not yet let git track. */
const OWN_FILES = ["flake.nix", "flake.lock", "Cargo.lock"];

export async function* refresh({ place: job, workspace, update }: RefreshInput): AsyncGenerator<EventBody, Refreshed> {
  const { signal } = job;
  const run = { signal, timeoutMs: job.settings.evalTimeoutMs, onProgress: job.progress };
  const place: RefreshPlace = { job, nix: job.nix, workspace, directory: workspace.directory, run };
  const untracked: string[] = [];
  for (const path of OWN_FILES) if ((await adoptUntracked(workspace, path, true)).kind === "adopted") untracked.push(path);
  const before = (await snapshot(workspace)).commit;
  const changes: Change[] = [];
  const open: Open[] = [];
  let builds = 0;
  let refused: Refreshed["outcome"] | undefined;

  async function* step(name: RefreshStep, detail: string, work: () => Promise<StepResult>): AsyncGenerator<EventBody, boolean> {
    yield { type: "phase", phase: name, detail };
    const result: StepResult = signal.aborted
      ? { ok: false, why: "aborted", message: "stopped before everything was looked at", next: "Run it again.", diagnoses: [] }
      : await work();
    if (!result.ok) {
      const { ok: _, ...refusal } = result;
      refused = { kind: "refused", step: name, ...refusal };
      yield { type: "warning", text: `${result.message}. ${result.next}` };
      return false;
    }
    for (const change of result.changes) yield changeEvent(change);
    for (const { message, next } of result.open) yield { type: "warning", text: `${message}. ${next}` };
    changes.push(...result.changes);
    open.push(...result.open);
    return true;
  }

  const project = async (): Promise<CargoProject | undefined> =>
    (await survey(workspace.directory, { ref: (await snapshot(workspace)).commit })).cargo;
  const whole = async function* (): AsyncGenerator<EventBody, readonly string[]> {
    const locking = update.length > 0 ? `inputs, and moving ${update.join(", ")}` : "inputs";
    if (!(yield* step("flake-lock", locking, () => lockInputs(place, update)))) return [];
    const first = await project();
    if (first) {
      if (!(yield* step("cargo-lock", "manifests", () => syncCargoLock(place, first)))) return [];
      const now = (await project()) ?? first;
      if (!(yield* step("toolchain", "rust-version", () => pinToolchain(place, now)))) return [];
    }
    const context: ToolContext = { signal, note: () => undefined };
    const gate = createGate({ place: job, workspace, yes: false, cargoRoot: async () => first?.root ?? ".", systems: [] });
    if (first && !(yield* step("cargo-nix", "crate2nix", () => writeCargoNix(gate.mechanicPlace(context))))) return [];
    const offered = await offeredOutputs(job.nix, workspace.directory, run);
    const attributes = packagesOf(offered, job.nix.system);
    const hashing = { place, mechanics: gate.mechanicPlace(context), attributes, project: first };
    if (!(yield* step("hashes", "vendored crates", () => renewVendorHashes(hashing)))) return [];
    let made: BuildStep["builds"] = [];
    const stands = yield* step("build", attributes.join(", "), async () => {
      const done = await buildPackages(hashing);
      made = done.builds;
      return done.result;
    });
    for (const { attribute: installable, ok, seconds } of made) yield { type: "build", installable, ok, seconds };
    builds = made.length;
    return stands ? attributes : [];
  };
  const built = yield* whole();
  await stageNewFiles(workspace.directory, OWN_FILES);
  const files = refused ? [] : await filesSince(workspace, before);
  const diff = files.length === 0 ? "" : await diffSince(workspace, before, files);
  const outcome: Refreshed["outcome"] = refused ?? { kind: files.length === 0 && open.length === 0 ? "in-step" : "planned" };
  return { outcome, changes, open, files, diff, built, builds, untracked };
}

const changeEvent = ({ step, what, before, after, why, path }: Change): EventBody => ({
  type: "mechanic",
  name: step,
  detail: `${what}: ${before ?? "none"} → ${after ?? "none"} (${why})`,
  paths: [path],
});

/** What differs from the checkout as it was copied. */
async function filesSince(workspace: Workspace, commit: string): Promise<readonly FileChange[]> {
  const { tree } = await snapshot(workspace);
  const listed = await git(["diff", "--name-only", "--no-renames", "-z", commit, tree], { cwd: workspace.directory });
  const changed: FileChange[] = [];
  for (const path of listed.split("\0").filter((each) => each !== "")) {
    const there = await git(["ls-tree", "--name-only", commit, "--", path], { cwd: workspace.directory });
    const before = there.trim() === "" ? undefined : await git(["show", `${commit}:${path}`], { cwd: workspace.directory });
    changed.push({ path, before, after: await readState(workspace.directory, path) });
  }
  return changed;
}

function diffSince({ directory }: Workspace, commit: string, files: readonly FileChange[]): Promise<string> {
  const paths = files.map(({ path }) => `:(literal)${path}`);
  return git(["diff", "--no-color", "--no-ext-diff", "--no-textconv", commit, "--", ...paths], { cwd: directory });
}
