import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Affinity } from "../../system/affinity.ts";
import { gradeIn } from "../grading/grade.ts";
import { type GradingPlace, openGrading } from "../grading/place.ts";
import type { GradeOptions } from "../grading/refuse/grade-refusal.ts";
import { readTamperTexts } from "../grading/tamper/hidden-texts.ts";
import { TELLING_GATES } from "../grading/tamper/rule.ts";
import { GATES, OUTCOMES } from "../results/trial-row.ts";
import { type LaidOverlay, layOverlay, OverlayError } from "../task/overlay.ts";
import type { Hack, Task } from "../task/task.ts";
import { InfraFailure } from "../trial/infra-failure.ts";
import type { Machine } from "../trial/machine.ts";
import { StageError } from "../trial/staged-files.ts";
import type { Claim, Submission } from "../trial/submission.ts";
import type { Admission, AdmissionProblem } from "./admission.ts";
import { formProblems } from "./form.ts";
import { judgeHack, judgeNop, judgeSolution, judgeTime, type Seen, sameGrade } from "./judge-grades.ts";
import { tryWrongTree } from "./wrong-tree.ts";

/** Whether a task may stand in a suite (evals.md, 2.5): by reading it, and by grading its solutions, its cheats and doing nothing. */

export interface AdmitOptions {
  readonly machine: Machine;
  /** Processors that its gradings keep to; undefined: any. */
  readonly affinity: Affinity | undefined;
  /** Scratch folder; made and removed. */
  readonly work: string;
  /** Folder for the logs of this task. */
  readonly logs: string;
  /** Passes of each solution, and gradings of each hack where there is more than one: 3, or 1 for a quick look. */
  readonly rounds: number;
  readonly signal: AbortSignal;
  /** What of the task stands in the program itself. */
  readonly leaks: readonly AdmissionProblem[];
  readonly onStep: (text: string) => void;
}

/** @throws InfraFailure where this machine could not grade it: that says nothing of the task */
export async function admitTask(task: Task, options: AdmitOptions): Promise<Admission> {
  const started = performance.now();
  const read = {
    ...(await readTamperTexts(task)),
    checks: await readFile(join(task.directory, "checks", "checks.toml"), "utf8"),
  };
  const problems: AdmissionProblem[] = [...formProblems(task, read), ...options.leaks];
  problems.push(
    ...(await gradedProblems(task, options).catch((error: unknown) => {
      if (error instanceof InfraFailure && error.cause instanceof StageError)
        return [{ subject: "task", rule: "stage", detail: error.cause.message }];
      if (error instanceof OverlayError) return [{ subject: "task", rule: "overlay", detail: error.message }];
      throw error;
    })),
  );
  return {
    schema: "crq-admission/1",
    task: task.file.id,
    taskHash: task.hash,
    admitted: problems.length === 0,
    rounds: options.rounds,
    problems,
    seconds: Math.round((performance.now() - started) / 1000),
    logs: options.logs,
  };
}

async function gradedProblems(task: Task, options: AdmitOptions): Promise<readonly AdmissionProblem[]> {
  const problems: AdmissionProblem[] = [];
  const gradings = new Gradings(task, options);
  for (const solution of task.solutions) {
    if (skipsSolution(task, solution)) continue;
    const grades: Seen[] = [];
    for (let round = 1; round <= options.rounds; round++)
      grades.push(await gradings.of(solution, rightClaim(task), `${solution}-${round}`));
    const found = grades.flatMap((graded) => judgeSolution(solution, graded));
    // One pass on a busy machine says nothing of the time.
    const slow = options.rounds >= 3 ? judgeTime(task.file, solution, grades) : [];
    problems.push(...distinct(found), ...slow, ...unequal(solution, grades));
  }
  if (task.file.kind !== "refuse") problems.push(...judgeNop(await gradings.nothing()));
  for (const hack of task.hacks) problems.push(...(await hackProblems(task, hack, gradings, options)));
  return problems;
}

/** Further solutions of a draft are trees that its checks must know as right, not documents. */
const skipsSolution = (task: Task, solution: string): boolean =>
  task.file.kind === "draft" && !task.leaves.some(({ path }) => path === `${solution}/CRQ.md`);

async function hackProblems(
  task: Task,
  hack: Hack,
  gradings: Gradings,
  { rounds }: AdmitOptions,
): Promise<readonly AdmissionProblem[]> {
  const overlay = `hacks/${hack.name}`;
  const isDocument = task.leaves.some(({ path }) => path === `${overlay}/CRQ.md`);
  if (task.file.kind === "draft" && !isDocument) return gradings.wrongTree(hack);
  const grades: Seen[] = [];
  for (let round = 1; round <= Math.min(rounds, 2); round++)
    grades.push(await gradings.of(overlay, CHEATS_CLAIM, `hack-${hack.name}-${round}`, wishOf(hack)));
  return [...distinct(grades.flatMap((graded) => judgeHack(hack, graded))), ...unequal(`hack ${hack.name}`, grades)];
}

type Wish = Pick<GradeOptions, "emptyToo" | "thorough" | "until">;

/** A cheat that a gate must see is graded up to that gate, also where a rule has found it first; a soft rule waits for one that confirms it. */
function wishOf({ rule }: Hack): Wish {
  const gate = GATES.find((name) => name === rule);
  return gate === undefined ? { until: TELLING_GATES } : { thorough: true, until: [gate] };
}

/** Every cheat says that it is done. */
const CHEATS_CLAIM: Claim = { schema: "crq-claim/1", outcome: "done", success: true, criteria: [] };
const NO_CLAIM: Claim = { schema: "crq-claim/1", outcome: "gave-up", success: false, criteria: [] };

function rightClaim({ file }: Task): Claim {
  if (file.kind !== "refuse") return CHEATS_CLAIM;
  const outcome = file.expect.outcomes[0];
  const [reason] = file.expect.reasons;
  // An outcome that no claim can have is a mistake of the task, which the claim gate then names.
  const known = OUTCOMES.find((one) => one === outcome) ?? "crash";
  return {
    schema: "crq-claim/1",
    outcome: known,
    success: known === "nothing-to-do",
    ...(reason !== undefined && { reason }),
    criteria: [],
  };
}

class Gradings {
  readonly #task: Task;
  readonly #options: AdmitOptions;

  constructor(task: Task, options: AdmitOptions) {
    this.#task = task;
    this.#options = options;
  }

  /** Lays an overlay, and grades it as what an agent handed over. */
  of(overlay: string, claim: Claim, name: string, more: Wish = {}): Promise<Seen> {
    return this.#grade(name, more, async (place) => {
      const laid = await this.#lay(place, overlay);
      return {
        submission: this.#submission(laid, claim, await this.#document()),
        ...(laid.unlocked !== undefined && { unlocked: laid.unlocked }),
      };
    });
  }

  /** The untouched tree. */
  nothing(): Promise<Seen> {
    return this.#grade("nop", { emptyToo: true }, async () => ({ submission: { patch: "", claim: NO_CLAIM, events: [] } }));
  }

  /** A tree that the checks of the right document must reject. */
  wrongTree(hack: Hack): Promise<readonly AdmissionProblem[]> {
    return this.#in(`hack-${hack.name}`, (place, logs) => tryWrongTree(place, hack, { logs, signal: this.#options.signal }));
  }

  #grade(
    name: string,
    more: Wish,
    make: (place: GradingPlace) => Promise<{ submission: Submission; unlocked?: string }>,
  ): Promise<Seen> {
    return this.#in(name, async (place, logs) => {
      const { submission, unlocked } = await make(place);
      const grade = await gradeIn(place, submission, { ...more, logs, signal: this.#options.signal });
      const misses = place.environment.misses().map(({ method, url, status }) => `${method} ${url} (${status})`);
      return { grade, logs, misses, ...(unlocked !== undefined && { unlocked }) };
    });
  }

  async #in<T>(name: string, use: (place: GradingPlace, logs: string) => Promise<T>): Promise<T> {
    const { machine, affinity, work, logs, onStep } = this.#options;
    onStep(`${this.#task.file.id}: ${name}`);
    const scratch = join(work, name);
    const folder = join(logs, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const place = await openGrading(this.#task, machine, scratch, affinity);
    try {
      return await use(place, folder);
    } finally {
      await place.close();
    }
  }

  #lay({ task, repository, commit, nix, work }: GradingPlace, overlay: string): Promise<LaidOverlay> {
    return layOverlay({ task, repository, commit, nix, signal: this.#options.signal }, overlay, join(work, "overlay"));
  }

  #submission({ patch, draft }: LaidOverlay, claim: Claim, document: string | undefined): Submission {
    const { kind } = this.#task.file;
    const handed = draft ?? document;
    return {
      // A drafter changes nothing: what lies beside its document is what the document is tried on.
      patch: kind === "draft" ? "" : patch,
      ...((kind === "draft" || kind === "end-to-end") && handed !== undefined && { draft: handed }),
      claim,
      events: [],
    };
  }

  /** What the solution drafts, for the cheats of an end-to-end task that bring no document of their own. */
  async #document(): Promise<string | undefined> {
    if (this.#task.file.kind !== "end-to-end") return undefined;
    return readFile(join(this.#task.directory, "solution", "CRQ.md"), "utf8").catch(() => undefined);
  }
}

/** The same problem in three passes is one. */
function distinct(found: readonly AdmissionProblem[]): readonly AdmissionProblem[] {
  const key = ({ subject, rule }: AdmissionProblem): string => `${subject}\n${rule}`;
  return found.filter((one, at) => found.findIndex((other) => key(other) === key(one)) === at);
}

function unequal(subject: string, grades: readonly Seen[]): readonly AdmissionProblem[] {
  const [first, ...more] = grades;
  const other = first && more.find(({ grade }) => !sameGrade(grade, first.grade));
  if (!first || !other) return [];
  const gate = GATES.find((name) => first.grade.gates[name]?.verdict !== other.grade.gates[name]?.verdict);
  return [{ subject, rule: gate ?? "tamper", detail: "two gradings of the same files differ", log: other.logs }];
}
