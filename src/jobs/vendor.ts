import { join } from "node:path";
import { formatFlakeReference } from "../nix/flake-reference.ts";
import { type FlakeLock, type MovedInput, movedBeyond, movedInputs, parseLock, resolvePath } from "../nix/lock.ts";
import { readWorktreeFile, stageNewFiles } from "../nix/mechanics/worktree-files.ts";
import type { FlakeInputs, InputOverride, NixFailure } from "../nix/nix.ts";
import { type DeclaredSource, declaredSources, undeclaredArguments } from "../nix/policy/declared-sources.ts";
import { judgeInputs } from "../nix/policy/judge-inputs.ts";
import { decide, forkName, type RemoteBranches, type Rewrite, type Skip } from "../nix/vendor/decide.ts";
import { withSource } from "../nix/vendor/edits.ts";
import { differsBeyond } from "../nix/vendor/proof.ts";
import { branchesOnGitHub } from "../repo/remote-branches.ts";
import { snapshot, writeChanges } from "../repo/workspace/workspace.ts";
import { git } from "../system/git.ts";
import type { Rewritten, Vendored, VendorPlace } from "./vendor/place.ts";

/**
 * `crq-agent vendor` up to the question whether to write: the declared inputs get the policy's form in a private copy, each change is proven
 * by an evaluation, the lock follows, and only then are there changes to be shown.
 */
export async function vendor(place: VendorPlace): Promise<Vendored> {
  const locked = place.lock === undefined ? undefined : parseLock(place.lock);
  if (locked && !locked.ok)
    return refused("lock", locked.problem, "Restore it from git, or delete it and let Nix write it anew (nix flake lock).");
  const lock = locked?.lock;
  const before = await layOut(place);
  const evaluated = await place.nix.inputs(directoryOf(place), place.run);
  if (!evaluated.ok) return evaluated.why === "unavailable" ? withoutNix(place, evaluated, lock) : refusedBy("flake", evaluated);

  const { rewrites, skipped } = await decideAll(place, evaluated.value);
  const { rewritten, unproven, inputs, flake } = await rewriteEach(place, evaluated.value, rewrites);
  const all: readonly Skip[] = [...skipped, ...unproven].sort((a, b) => (a.input < b.input ? -1 : 1));
  const judge = (after: FlakeLock | undefined) =>
    judgeInputs({ policy: place.policy, inputs, today: place.today, ...(after && { lock: after }) });
  if (place.run.signal.aborted)
    return { ...refused("flake", "stopped before everything was judged", "Run it again."), why: "aborted" };
  if (rewritten.length === 0)
    return { kind: "planned", rewritten, skipped: all, changes: [], moved: [], findings: judge(lock), diff: "" };

  const written = await relock(
    place,
    lock,
    rewritten.map(({ input }) => input),
  );
  if (!("text" in written)) return { ...written, rewritten, skipped: all };
  const files = [
    // The lock first: should the second write never come, the next run finds the flake as it was and a lock that fits what it will write.
    { path: pathOf(place, "flake.lock"), before: place.lock, after: written.text },
    { path: pathOf(place, "flake.nix"), before: place.flake, after: flake },
  ];
  const changes = files.filter((file) => file.before !== file.after);
  const diff = await diffSince(place, before);
  return { kind: "planned", rewritten, skipped: all, changes, moved: written.moved, findings: judge(written.lock), diff };
}

const pathOf = ({ folder }: VendorPlace, name: string): string => (folder === "" ? name : `${folder}/${name}`);
const directoryOf = ({ workspace, folder }: VendorPlace): string => join(workspace.directory, folder);

/** The copy gets the checkout's own flake.nix and flake.lock, tracked or not. @returns the commit that the diff is taken from */
async function layOut(place: VendorPlace): Promise<string> {
  const { workspace, flake, lock } = place;
  const files = [["flake.nix", flake] as const, ...(lock === undefined ? [] : [["flake.lock", lock] as const])];
  await writeChanges(
    workspace.directory,
    files.map(([name, after]) => ({ path: pathOf(place, name), before: undefined, after })),
  );
  await stageNewFiles(
    workspace.directory,
    files.map(([name]) => pathOf(place, name)),
  );
  return (await snapshot(workspace)).commit;
}

/** Forks that the configuration does not know are asked for in one go, each repository once. */
async function decideAll(
  place: VendorPlace,
  inputs: FlakeInputs,
): Promise<{ readonly rewrites: readonly Rewrite[]; readonly skipped: readonly Skip[] }> {
  const { policy, today, network } = place;
  const sources = declaredSources(inputs);
  const asked = new Map<string, RemoteBranches>();
  if (network) {
    const unknown = sources.flatMap((source) => {
      const decision = decide(source, policy, today);
      const name = decision.kind === "skip" && decision.reason === "no-fork" ? forkName(decision.url ?? "") : undefined;
      return name === undefined ? [] : [name];
    });
    for (const name of new Set(unknown.map((each) => each.toLowerCase()))) {
      place.run.onProgress?.(`asking ${policy.org}/${name} for its branches`);
      asked.set(name, await branchesOnGitHub(policy.org, name, network));
    }
  }
  const decisions = sources.map((source) => decide(source, policy, today, network && asked));
  const undeclared = undeclaredArguments(inputs).map(
    (input): Skip => ({
      kind: "skip",
      input,
      reason: "not-declared",
      message: `outputs takes it and inputs does not declare it, so Nix asks a registry; declare inputs.${input}.url`,
      offPolicy: true,
    }),
  );
  return {
    rewrites: decisions.filter((decision) => decision.kind === "rewrite"),
    skipped: [...decisions.filter((decision) => decision.kind === "skip"), ...undeclared],
  };
}

interface Rewriting {
  readonly rewritten: readonly Rewritten[];
  readonly unproven: readonly Skip[];
  readonly inputs: FlakeInputs;
  /** Text of flake.nix with every proven change. */
  readonly flake: string;
}

/** One input after the other, each proven before the next: a change that is not its input's alone is taken back. */
async function rewriteEach(place: VendorPlace, declared: FlakeInputs, rewrites: readonly Rewrite[]): Promise<Rewriting> {
  const write = (before: string, after: string): Promise<void> =>
    writeChanges(place.workspace.directory, [{ path: pathOf(place, "flake.nix"), before, after }]);
  const rewritten: Rewritten[] = [];
  const unproven: Skip[] = [];
  let [inputs, flake] = [declared, place.flake];
  for (const { kind: _kind, ...rewrite } of rewrites) {
    const skip = (message: string): void => {
      unproven.push({ kind: "skip", input: rewrite.input, reason: "not-a-literal", message, offPolicy: true, url: rewrite.from });
    };
    const edited = withSource(flake, overrideOf(inputs, rewrite.input), rewrite.to);
    if ("problem" in edited) {
      skip(edited.problem);
      continue;
    }
    await write(flake, edited.source);
    const after = await place.nix.inputs(directoryOf(place), place.run);
    const problem = after.ok ? differsBeyond(inputs, after.value, rewrite.input, rewrite.to) : after.diagnoses[0].message;
    if (!after.ok || problem !== undefined) {
      await write(edited.source, flake);
      skip(`its literal is not its own: with it, ${problem ?? "the flake does not evaluate"}`);
      continue;
    }
    rewritten.push({ ...rewrite, line: edited.line, column: edited.column });
    [inputs, flake] = [after.value, edited.source];
  }
  return { rewritten, unproven, inputs, flake };
}

function overrideOf({ inputs }: FlakeInputs, name: string): InputOverride {
  const [first = "", ...rest] = name.split("/");
  const input = inputs.find((each) => each.name === first);
  return (rest.length === 0 ? input : input?.overrides[rest.join("/")]) ?? {};
}

type Refused = Extract<Vendored, { kind: "refused" }>;

/** Nix writes the lock; pins that nobody asked to move are a reason to write nothing at all. */
async function relock(
  place: VendorPlace,
  before: FlakeLock | undefined,
  changed: readonly string[],
): Promise<{ readonly text: string; readonly lock: FlakeLock; readonly moved: readonly MovedInput[] } | Refused> {
  const result = await place.nix.lock(directoryOf(place), place.run);
  if (!result.ok) return refusedBy("lock", result);
  const text = (await readWorktreeFile(place.workspace.directory, pathOf(place, "flake.lock"))) ?? "";
  const parsed = parseLock(text);
  if (!parsed.ok) return refused("lock", parsed.problem, "Run `nix flake lock` and look at what it writes.");
  const beyond = movedBeyond(before, parsed.lock, changed);
  if (beyond.length > 0) {
    const names = beyond.map(({ input }) => input).join(", ");
    return refused(
      "lock",
      `locking would also move ${names}, which vendor does not change: flake.lock did not fit flake.nix before`,
      "Bring the lock up to date first (nix flake lock), look at what moved, and run vendor again.",
    );
  }
  await stageNewFiles(place.workspace.directory, [pathOf(place, "flake.lock")]);
  return { text, lock: parsed.lock, moved: movedInputs(before, parsed.lock) };
}

const nothingYet = { kind: "refused", diagnoses: [], rewritten: [], skipped: [] } as const;

const refused = (stage: Refused["stage"], message: string, next: string): Refused => ({
  ...nothingYet,
  stage,
  why: "failed",
  message,
  next,
});

const refusedBy = (stage: Refused["stage"], { why, diagnoses }: NixFailure): Refused => ({
  ...nothingYet,
  stage,
  why,
  message: diagnoses[0].message,
  next: diagnoses[0].next,
  diagnoses,
});

/** The lock file names the inputs as they were when it was written: enough to say what would be done, not enough to do it. */
function withoutNix(place: VendorPlace, { diagnoses }: NixFailure, lock: FlakeLock | undefined): Vendored {
  const sources = Object.keys(lock?.nodes[lock.root]?.inputs ?? {}).flatMap((name): readonly DeclaredSource[] => {
    const node = lock && resolvePath(lock, [name]);
    const original = node === undefined ? undefined : lock?.nodes[node]?.original;
    return original ? [{ name, override: false, url: formatFlakeReference(original) }] : [];
  });
  const known = sources.map((source) => decide(source, place.policy, place.today));
  return { kind: "without-nix", message: diagnoses[0].message, next: diagnoses[0].next, known };
}

async function diffSince(place: VendorPlace, commit: string): Promise<string> {
  const paths = ["flake.nix", "flake.lock"].map((name) => `:(literal)${pathOf(place, name)}`);
  return git(["diff", "--no-color", "--no-ext-diff", "--no-textconv", commit, "--", ...paths], {
    cwd: place.workspace.directory,
  });
}
