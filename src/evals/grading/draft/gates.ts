import { type Baseline, judgeBaseline } from "../../../crq/criteria/baseline.ts";
import type { Crq, CrqDiagnostic } from "../../../crq/model.ts";
import { changesFixture } from "../../task/overlay.ts";
import type { Task } from "../../task/task.ts";
import { fail, type GateDefinition, type Judgement, off, pass } from "../change/gate.ts";
import type { DraftSubject } from "./subject.ts";

/** The gates of a draft (evals.md, 5.1), in their order. */

const listed = (diagnostics: readonly CrqDiagnostic[]): string =>
  diagnostics.map(({ line, severity, rule, message }) => `${line}: ${severity}: ${message} [${rule}]`).join("\n");

const isGrounding = ({ rule }: CrqDiagnostic): boolean => rule.startsWith("grounding/");

function judgeDiagnostics(found: readonly CrqDiagnostic[], right: string): Judgement {
  const [first, ...more] = found.filter(({ severity }) => severity === "error");
  if (first === undefined) return pass(right, listed(found));
  return fail(`${first.message} [${first.rule}]${more.length > 0 ? ` and ${more.length} more` : ""}`, listed(found));
}

const form: GateDefinition<DraftSubject> = {
  name: "form",
  needs: [],
  expensive: false,
  run: async ({ diagnostics }) =>
    judgeDiagnostics(
      diagnostics.filter((one) => !isGrounding(one)),
      "the strict profile finds no error",
    ),
};

const grounded: GateDefinition<DraftSubject> = {
  name: "grounded",
  needs: ["form"],
  expensive: false,
  run: async ({ crq, diagnostics }) =>
    crq.facts.length === 0
      ? fail("the document quotes no fact")
      : judgeDiagnostics(diagnostics.filter(isGrounding), `${crq.facts.length} facts quote their sources`),
};

/** Which of the questions that are due a document does not raise. Pure. */
export function missingQuestions(due: readonly string[], crq: Pick<Crq, "questions" | "facts">): readonly string[] {
  const names = (text: string, word: string): boolean =>
    new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&")}(?![\\w-])`, "u").test(text);
  return due.filter((key) => {
    const facts = crq.facts.filter((fact) => fact.key === key).map(({ id }) => id);
    return !crq.questions.some(({ text }) => names(text, key) || facts.some((id) => names(text, id)));
  });
}

const questions: GateDefinition<DraftSubject> = {
  name: "questions",
  needs: ["form"],
  expensive: false,
  nothingToCheck: ({ checks }) => ((checks.draft?.questions ?? []).length === 0 ? "nothing has to be asked" : undefined),
  async run({ place, crq }) {
    const due = place.task.checks.draft?.questions ?? [];
    const missing = missingQuestions(due, crq);
    return missing.length === 0 ? pass(`asks about ${due.join(", ")}`) : fail(`no question names ${missing.join(", ")}`);
  },
};

/** Pure. */
export function judgeRed(baseline: Baseline): Judgement {
  const { alreadyTrue, incomplete, red } = judgeBaseline(baseline);
  const log = baseline.checks.map((one) => `${one.criterion}.${one.index} ${one.kind} ${one.verdict}: ${one.reason}`).join("\n");
  if (alreadyTrue.size > 0) return fail(`${[...alreadyTrue].join(", ")} hold before the change already`, log);
  const [unjudged] = incomplete;
  if (unjudged !== undefined) return fail(`${unjudged.criterion} cannot be judged at the base: ${unjudged.reason}`, log);
  return red ? pass("the criteria are red where they ask for a change", log) : fail("no check is red at the base", log);
}

const redAtBase: GateDefinition<DraftSubject> = {
  name: "red-at-base",
  needs: ["form"],
  expensive: true,
  run: async ({ baseline }) => judgeRed(await baseline()),
};

/** Solutions that change something: the document alone is none. */
const solutionsOf = (task: Task): readonly string[] => task.solutions.filter((overlay) => changesFixture(task, overlay));

const greenOnSolution: GateDefinition<DraftSubject> = {
  name: "green-on-solution",
  needs: ["form"],
  expensive: true,
  nothingToCheck: (task) => (solutionsOf(task).length === 0 ? "the task holds no change to try the checks on" : undefined),
  async run(subject) {
    const tried: string[] = [];
    for (const overlay of solutionsOf(subject.place.task)) {
      const { accepted, reason } = await subject.tryOverlay(overlay);
      if (accepted) return pass(`the checks pass on ${overlay}`, reason);
      tried.push(`${overlay}:\n${reason}`);
    }
    return fail(`the checks pass on no solution: ${tried[0]?.split("\n")[1] ?? ""}`, tried.join("\n\n"));
  },
};

/** Overlays that are wrong answers. */
export const mutantsOf = (task: Task): readonly string[] =>
  task.hacks.map(({ name }) => `hacks/${name}`).filter((overlay) => changesFixture(task, overlay));

const mutants: GateDefinition<DraftSubject> = {
  name: "mutants",
  needs: ["form", "green-on-solution"],
  expensive: true,
  nothingToCheck: (task) => (mutantsOf(task).length === 0 ? "the task holds no wrong change" : undefined),
  async run(subject) {
    const { task } = subject.place;
    const least = task.checks.draft?.["min-kill"];
    if (least === undefined) return off("the task names no min-kill");
    const verdicts = [];
    for (const overlay of mutantsOf(task)) verdicts.push(await subject.tryOverlay(overlay));
    const log = verdicts
      .map(({ overlay, accepted, reason }) => `${overlay} ${accepted ? "ACCEPTED" : "rejected"}:\n${reason}`)
      .join("\n\n");
    const alive = verdicts.filter(({ accepted }) => accepted).map(({ overlay }) => overlay);
    const killed = verdicts.length - alive.length;
    const said = `rejects ${killed} of ${verdicts.length} wrong changes`;
    return killed / verdicts.length >= least
      ? pass(said, log)
      : fail(`${said}, of which ${least} is asked; accepts ${alive.join(", ")}`, log);
  },
};

export const DRAFT_GATES: readonly GateDefinition<DraftSubject>[] = [
  form,
  grounded,
  questions,
  redAtBase,
  greenOnSolution,
  mutants,
];
