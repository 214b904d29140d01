import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { isLocal, parseFlakeReference } from "../flake-reference.ts";
import { readWorktreeFile } from "../mechanics/worktree-files.ts";
import type { FlakeInputs, NixResult } from "../nix.ts";
import { attributeOf, declaredSources } from "../policy/declared-sources.ts";
import { judgeInputs } from "../policy/judge-inputs.ts";
import { isLatticeEdge, type LatticePlace } from "../policy/lattice-place.ts";
import type { InputFinding } from "../policy/policy.ts";
import type { GateProblem, GateQuestion } from "./proposal.ts";

/** What the inputs of a changed flake may be: the repository's own, and those below it (nodes of a lattice, steps of a build). */

type Question = Pick<GateQuestion, "nix" | "worktree" | "changes" | "policy" | "today" | "run">;

export interface NestedInputs {
  /** Of the flake.nix, relative to the repository. */
  readonly path: string;
  readonly inputs: FlakeInputs;
}

/** @param paths of flake.nix files below `directory`; none: nothing is asked */
export async function nestedInputs(
  nix: GateQuestion["nix"],
  directory: string,
  paths: readonly string[],
  run: GateQuestion["run"],
): Promise<NixResult<readonly NestedInputs[]> | undefined> {
  if (paths.length === 0) return undefined;
  const result = await nix.inputsBelow(directory, paths.map(posix.dirname), run);
  if (!result.ok) return result;
  return {
    ...result,
    value: result.value.flatMap((inputs, at) => {
      const path = paths[at];
      return path === undefined ? [] : [{ path, inputs }];
    }),
  };
}

/** Which flakes make up one lattice is the check's to judge; here a relative path may lead to any other flake of the repository. */
export async function nestedProblems(question: Question, nested: readonly NestedInputs[]): Promise<readonly GateProblem[]> {
  const flakes = new Map(question.changes.map(({ path, after }) => [path, after !== undefined]));
  const isFlake = async (folder: string): Promise<boolean> => {
    const path = posix.join(folder, "flake.nix");
    return !path.startsWith("../") && (flakes.get(path) ?? (await readWorktreeFile(question.worktree, path)) !== undefined);
  };
  const problems: GateProblem[] = [];
  for (const flake of nested) {
    const folder = posix.dirname(flake.path);
    const nodes = new Set([folder]);
    for (const { url } of declaredSources(flake.inputs)) {
      const { type, path } = (url === undefined ? undefined : parseFlakeReference(url)) ?? {};
      if (type !== "path" || path === undefined || !path.startsWith(".")) continue;
      const target = posix.join(folder, path).replace(/\/$/u, "");
      if (await isFlake(target)) nodes.add(target);
    }
    problems.push(...(await inputProblems(question, flake, { folder, nodes })));
  }
  return problems;
}

/** Places on this machine, which no project wants below its root flake, whatever its policy. */
function localInputs(inputs: FlakeInputs, lattice: LatticePlace): readonly InputFinding[] {
  return declaredSources(inputs).flatMap(({ name, url, position }): InputFinding[] => {
    const reference = url === undefined ? undefined : parseFlakeReference(url);
    // What reads in two ways may be a place too.
    if (url === undefined || (reference && (!isLocal(reference) || isLatticeEdge(reference, lattice)))) return [];
    return [
      {
        severity: "error",
        input: name,
        rule: "local",
        message: `${attributeOf(name)}.url = "${url}" ${reference ? "is a place on this machine" : "is no flake reference"}`,
        next: "Name a source that others can fetch, or another flake of this repository by a relative path.",
        ...(position && { position }),
      },
    ];
  });
}

/** Off-policy inputs that the proposal brings, and settings that only evaluation shows (a computed `nixConfig`). */
export async function inputProblems(
  question: Question,
  { path, inputs }: NestedInputs,
  lattice?: LatticePlace,
): Promise<readonly GateProblem[]> {
  const { policy, nix, changes, run, today = new Date().toISOString().slice(0, 10) } = question;
  const judged = policy
    ? judgeInputs({ policy, inputs, today, ...(lattice && { lattice }) })
    : lattice && path !== "flake.nix"
      ? localInputs(inputs, lattice)
      : [];
  const offending = judged.filter(({ severity }) => severity === "error");
  const settings = Object.keys(inputs.nixConfig);
  if (offending.length === 0 && settings.length === 0) return [];
  const before = await inputsOf(nix, changes.find((change) => change.path === path)?.before, run);
  const [old, fresh] = [before ? declaredSources(before) : [], declaredSources(inputs)];
  const same = (name: string): boolean => {
    const [was, is] = [old.find((source) => source.name === name), fresh.find((source) => source.name === name)];
    return was !== undefined && was.url === is?.url && was.follows === is?.follows;
  };
  const config = settings
    .filter((name) => JSON.stringify(before?.nixConfig[name]) !== JSON.stringify(inputs.nixConfig[name]))
    .map((name) => ({
      rule: "nix-config",
      file: path,
      line: 1,
      message: `nixConfig.${name} is added or changed: a flake must not choose Nix's settings (it could switch the sandbox off)`,
      next: "Leave nixConfig out; name a binary cache or setting in the documentation, where a person decides.",
    }));
  return [
    ...config,
    ...offending
      .filter(({ input }) => !same(input))
      .map(({ rule, message, next, position }) => ({
        rule: `input-policy/${rule}`,
        file: path,
        line: position?.line ?? 1,
        message,
        next,
      })),
  ];
}

async function inputsOf(
  nix: GateQuestion["nix"],
  text: string | undefined,
  run: GateQuestion["run"],
): Promise<FlakeInputs | undefined> {
  if (text === undefined) return undefined;
  const scratch = await mkdtemp(join(tmpdir(), "crq-gate-base-"));
  try {
    await writeFile(join(scratch, "flake.nix"), text);
    const result = await nix.inputs(scratch, run);
    return result.ok ? result.value : undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
