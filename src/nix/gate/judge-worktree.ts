import { parseAttributePath } from "../attribute-path.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { checkLock, type MovedInput, movedBeyond, movedInputs, parseLock } from "../lock.ts";
import { freshenCargoNix } from "../mechanics/cargo-nix/cargo-nix.ts";
import { writeLock } from "../mechanics/lock-files.ts";
import type { MechanicPlace, MechanicResult } from "../mechanics/mechanic.ts";
import { repair } from "../mechanics/repair.ts";
import { readWorktreeFile, stageNewFiles, undoMechanics } from "../mechanics/worktree-files.ts";
import type { FlakeInputs, NixResult } from "../nix.ts";
import { judgeInputs } from "../policy/judge-inputs.ts";
import { escapingLinks } from "./file-rules.ts";
import { refusal } from "./judge-texts.ts";
import { outputsFunction, readOutputs } from "./outputs-question.ts";
import type { EvaluatedOutputs, GatePass, GateProblem, GateQuestion, GateRefusal } from "./proposal.ts";

/** Repairs in one gate: each is for another diagnosis, and a new one means a new problem. */
const MAX_REPAIRS = 6;

export interface WorktreeQuestion extends GateQuestion {
  /** From judgeTexts, where the proposal changes flake.nix. */
  readonly inputs?: FlakeInputs;
  /** Mechanics add what Nix printed. */
  readonly knownHashes: Set<string>;
  /** See MechanicPlace, both. */
  readonly refuted?: Set<string>;
  readonly generateLockFile?: MechanicPlace["generateLockFile"] & {};
}

/**
 * The second half of the gate: the changes are in the worktree. New files are tracked, the lock is written when the inputs ask for it, and
 * the outputs are evaluated. A refusal undoes what it did besides the changes themselves.
 */
export async function judgeWorktree(question: WorktreeQuestion): Promise<GatePass | GateRefusal> {
  const mechanics: MechanicResult[] = [];
  const answered: Diagnosis[] = [];
  const verdict = await judge(question, mechanics, answered);
  if (verdict.ok) return { ...verdict, mechanics, answered };
  await undoMechanics(question.worktree, mechanics);
  return { ...verdict, mechanics };
}

async function judge(
  question: WorktreeQuestion,
  mechanics: MechanicResult[],
  answered: Diagnosis[],
): Promise<GatePass | GateRefusal> {
  const { worktree, changes } = question;
  const present = changes.filter(({ after }) => after !== undefined).map(({ path }) => path);
  const [links, { staged, ignored }] = [await escapingLinks(worktree, present), await stageNewFiles(worktree, present)];
  if (staged.length > 0)
    mechanics.push({ name: "track-files", detail: `git tracks ${named(staged)} now (intent to add)`, edits: [], staged });
  const hidden = ignored.filter((path) => path.endsWith(".nix") || path.endsWith(".lock")).map(ignoredProblem);
  if (links.length + hidden.length > 0) return refusal("policy", [...links, ...hidden], [], "failed");
  const passed: GatePass = {
    ok: true,
    weakenings: [],
    notes: ignored.map((path) => `${path} is ignored by git: the flake does not see it`),
    mechanics: [],
    answered: [],
    moved: [],
  };
  if ((await readWorktreeFile(worktree, "flake.nix")) === undefined) return passed;
  const locked = await lockIfNeeded(question, mechanics);
  if (!locked.ok) return locked.refusal;
  const refreshed = await freshenCargoNix(question);
  if (refreshed) mechanics.push(refreshed);
  const evaluated = await evaluateWithRepairs(question, mechanics, answered);
  if (!evaluated.ok) return refusal("eval", [], evaluated.diagnoses, evaluated.why);
  return {
    ...passed,
    moved: locked.moved,
    notes: [...passed.notes, ...evaluated.warnings],
    outputs: evaluated.value,
    ...(question.inputs && { inputs: question.inputs }),
  };
}

/** A generator may bring hundreds of files. */
const named = (paths: readonly string[]): string =>
  paths.length <= MAX_NAMED ? paths.join(", ") : `${paths.slice(0, MAX_NAMED).join(", ")} and ${paths.length - MAX_NAMED} more`;

const MAX_NAMED = 20;

const ignoredProblem = (path: string): GateProblem => ({
  rule: "ignored-file",
  file: path,
  line: 1,
  message: `${path} is ignored by .gitignore, so the flake would not see it`,
  next: "Take its line out of .gitignore in the same proposal, or put the file elsewhere.",
});

type Locked =
  | { readonly ok: true; readonly moved: readonly MovedInput[] }
  | { readonly ok: false; readonly refusal: GateRefusal };

/** The lock is written when an input has no fitting node or a node has no input; then only those inputs may have moved. */
async function lockIfNeeded(question: WorktreeQuestion, mechanics: MechanicResult[]): Promise<Locked> {
  const { worktree, inputs, policy, lattice, today = new Date().toISOString().slice(0, 10) } = question;
  if (!inputs) return { ok: true, moved: [] };
  const text = (await readWorktreeFile(worktree, "flake.lock")) ?? "";
  const before = parseLock(text);
  if (inputs.inputs.length === 0 && Object.keys(inputs.outputArguments).length === 0 && text === "")
    return { ok: true, moved: [] };
  if (before.ok && !needsLock(before.lock, inputs)) return { ok: true, moved: [] };
  const written = await writeLock({ ...question, ...(question.run && { run: question.run }) });
  if (!("name" in written)) return { ok: false, refusal: refusal("lock", [], written.diagnoses, written.why) };
  mechanics.push(written);
  const after = parseLock((await readWorktreeFile(worktree, "flake.lock")) ?? "");
  if (!after.ok) return { ok: true, moved: [] };
  const moved = movedInputs(before.ok ? before.lock : undefined, after.lock);
  const unasked = before.ok
    ? movedBeyond(
        before.lock,
        after.lock,
        checkLock(before.lock, inputs.inputs).map(({ input }) => input),
      )
    : [];
  const offending = policy
    ? judgeInputs({ policy, inputs, lock: after.lock, today, ...(lattice && { lattice }) }).filter(
        ({ severity, rule }) => severity === "error" && rule.startsWith("lock-"),
      )
    : [];
  const problems: readonly GateProblem[] = [
    ...unasked.map(({ input }) => ({
      rule: "lock-moved",
      file: "flake.lock",
      line: 1,
      message: `locking moved '${input}', which the proposal does not touch`,
      next: "Keep the urls of the other inputs as they are.",
    })),
    ...offending.map(({ rule, message, next }) => ({ rule: `input-policy/${rule}`, file: "flake.lock", line: 1, message, next })),
  ];
  return problems.length > 0 ? { ok: false, refusal: refusal("lock", problems, [], "failed") } : { ok: true, moved };
}

function needsLock(lock: Parameters<typeof checkLock>[0], inputs: FlakeInputs): boolean {
  const declared = new Set(inputs.inputs.map(({ name }) => name));
  const locked = lock.nodes[lock.root]?.inputs ?? {};
  const undeclared = Object.keys(inputs.outputArguments).filter((name) => name !== "self" && !declared.has(name));
  const follows = inputs.inputs.some(
    ({ name, follows: target }) => target !== undefined && JSON.stringify(locked[name]) !== JSON.stringify(target.split("/")),
  );
  const left = Object.keys(locked).some((name) => !declared.has(name) && !undeclared.includes(name));
  return (
    left ||
    follows ||
    undeclared.some((name) => !(name in locked)) ||
    checkLock(lock, inputs.inputs).some(({ rule }) => rule === "missing" || rule === "original-differs")
  );
}

/** Evaluates, mends what a mechanic can, and evaluates again. */
async function evaluateWithRepairs(
  question: WorktreeQuestion,
  mechanics: MechanicResult[],
  answered: Diagnosis[],
): Promise<NixResult<EvaluatedOutputs>> {
  const { nix, worktree, run, systems = [], attributes = [] } = question;
  const paths = attributes.flatMap((attribute) => {
    const path = parseAttributePath(attribute);
    return path === undefined || path.length === 0 ? [] : [path];
  });
  const apply = outputsFunction(nix.system, [...new Set([nix.system, ...systems])], paths);
  const tried = new Set<string>();
  for (;;) {
    const result = await nix.evaluate(worktree, "", { ...run, apply });
    if (result.ok) return { ...result, value: readOutputs(result.value, nix.system, paths) };
    const [first] = result.diagnoses;
    if (result.why !== "failed" || tried.size >= MAX_REPAIRS || tried.has(first.fingerprint)) return result;
    tried.add(first.fingerprint);
    const repaired = await repair(first, question);
    if (!repaired) return result;
    mechanics.push(repaired);
    answered.push(first);
  }
}
