import { join, posix } from "node:path";
import { findHashes } from "../../../nix/hash.ts";
import { readWorktreeFile, trackedFiles } from "../../../nix/mechanics/worktree-files.ts";
import { judgeInputs } from "../../../nix/policy/judge-inputs.ts";
import { GENERATED } from "../../../nix/steps/step-flake.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import type { Generated, GeneratedFile, StepFlakesRequest } from "../../../tools/generate.ts";
import type { JobPlace } from "../../job-place.ts";
import { lockNixpkgs } from "../../nixpkgs-lock.ts";
import { generateStepFlakes } from "../../steps/flakes.ts";
import { folderArgument, nixpkgsArgument } from "./arguments.ts";

export interface StepFilesPlace {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  readonly systems: readonly string[];
  /** Is told each hash that Nix gave. */
  readonly learn: (hash: string) => void;
}

/** The flakes of committed step records. */
export async function generateStepFiles(
  { folder: given, nixpkgs: asked }: StepFlakesRequest,
  { place, workspace, systems, learn }: StepFilesPlace,
  signal: AbortSignal,
): Promise<Generated> {
  const { directory } = workspace;
  const today = new Date(place.now()).toISOString().slice(0, 10);
  const jailed = await folderArgument(directory, given);
  if ("problem" in jailed || jailed.value === ".")
    return refused(["problem" in jailed ? jailed.problem : "The repository's root has a flake of its own."], GIVE_FOLDER);
  const nixpkgs = asked ?? place.settings.nixpkgs;
  const source = nixpkgsArgument(nixpkgs, place.settings, today);
  if ("problem" in source)
    return refused([source.problem], "Give a `nixpkgs` such as github:OWNER/nixpkgs/BRANCH that the policy allows, or none.");
  const folder = jailed.value;
  const records = await trackedFiles(directory, `:(literal)${folder}`).then((paths) =>
    paths.filter((path) => path.endsWith(".jsonl")),
  );
  if (records.length === 0) return refused([`${folder} holds no committed step records.`], RECORD);
  const forbidden = edgeProblems(place, today);
  if (forbidden.length > 0) return refused(forbidden, "Only a person changes [policy.inputs]: call give_up and say so.");
  const locked = await lockNixpkgs({
    locks: [posix.join(folder, "flake.lock"), "flake.lock"].map((path) => join(directory, path)),
    nixpkgs,
    nix: place.nix,
    run: { signal, timeoutMs: place.settings.evalTimeoutMs },
  });
  if (!locked.ok) return refused([`${locked.problem}.`], "Give a `nixpkgs` that can be had.");
  const generated = await generateFrom({ directory, folder, nixpkgs, nixpkgsLock: locked.flake, systems });
  if (!generated.ok)
    return refused(
      generated.problems.map(({ place: where, message }) => `${where}: ${message}`),
      RECORD,
    );
  for (const { text } of findHashes(generated.files.find(({ path }) => path.endsWith("flake.lock"))?.text ?? "")) learn(text);
  const wanted = new Set(generated.files.map(({ path }) => path));
  const removed: GeneratedFile[] = [];
  for (const path of await trackedFiles(directory, `:(glob)${folder}/step[0-9]*/flake.*`)) {
    const flake = await readWorktreeFile(directory, posix.join(posix.dirname(path), "flake.nix"));
    if (!wanted.has(path) && flake?.includes(GENERATED)) removed.push({ path, text: undefined });
  }
  return { ok: true, files: [...generated.files, ...removed], notes: generated.notes };
}

/** `@source@` is the repository, or the folder that the records lie in: the recorder stood there. */
export async function generateFrom(
  place: Omit<Parameters<typeof generateStepFlakes>[0], "source">,
): ReturnType<typeof generateStepFlakes> {
  const first = await generateStepFlakes({ ...place, source: "." });
  const above = posix.dirname(place.folder);
  if (first.ok || above === ".") return first;
  const second = await generateStepFlakes({ ...place, source: above });
  return second.ok ? second : first;
}

const GIVE_FOLDER = "Give the folder of the records, relative to the repository's root.";

const RECORD =
  "The agent never runs the recorded build. A person records it where it runs (crq-agent steps record -- COMMAND), commits the records, and applies again: give_up with reason records-missing.";

/** Whether the policy allows one step's flake to name another by its path. */
function edgeProblems({ settings }: JobPlace, today: string): readonly string[] {
  const { inputPolicy: policy } = settings;
  if (!policy) return [];
  const inputs = [{ name: "step001", url: "path:./step001", overrides: {} }];
  const lattice = { folder: "steps", nodes: new Set(["steps", "steps/step001"]) };
  return judgeInputs({ policy, today, inputs: { inputs, outputArguments: {}, nixConfig: {} }, lattice })
    .filter(({ severity }) => severity === "error")
    .map(({ message, next }) => `${message}. ${next}`);
}

const refused = (problems: readonly string[], next: string): Generated => ({ ok: false, problems, next });
