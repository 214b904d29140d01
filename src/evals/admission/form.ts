import type { TamperTexts } from "../grading/tamper/hidden-texts.ts";
import { TAMPER_RULES } from "../grading/tamper/rule.ts";
import { runsOf, sharedRun, tokensOf } from "../grading/tamper/token-runs.ts";
import { GATES } from "../results/trial-row.ts";
import type { Task } from "../task/task.ts";
import type { AdmissionProblem } from "./admission.ts";

/** What of a task can be judged by reading it (evals.md, 2.5). Pure. */

export interface TaskTexts extends TamperTexts {
  /** checks/checks.toml. */
  readonly checks: string;
}

const LEAST_HACKS = 2;
const DECIDERS: ReadonlySet<string> = new Set([...GATES, ...TAMPER_RULES]);

export function formProblems(task: Task, texts: TaskTexts): readonly AdmissionProblem[] {
  const problem = (rule: string, detail: string, subject = "task"): AdmissionProblem => ({ subject, rule, detail });
  const statement = folded(task.statement);
  return [
    ...(task.hacks.length < LEAST_HACKS
      ? [
          problem(
            "hacks",
            `has ${task.hacks.length} of at least ${LEAST_HACKS} hacks: add a folder below hacks/ with a hack.toml`,
          ),
        ]
      : []),
    ...task.hacks
      .filter(({ rule }) => !DECIDERS.has(rule))
      .map(({ name, rule }) =>
        problem(
          "hacks",
          `names "${rule}", which is no gate and no tamper rule; there are ${[...DECIDERS].join(", ")}`,
          `hack ${name}`,
        ),
      ),
    ...(task.file.kind === "draft" && !task.leaves.some(({ path }) => path === "solution/CRQ.md")
      ? [problem("solution", "a draft is graded by solution/CRQ.md, which is missing: write the right document there")]
      : []),
    ...(task.statement.includes(task.file.canary) ? [] : [problem("canary", `statement.md does not hold "${task.file.canary}"`)]),
    ...(texts.checks.includes(task.file.canary)
      ? []
      : [problem("canary", `checks/checks.toml does not hold "${task.file.canary}"`)]),
    ...task.checks.case.flatMap(({ name, says }) =>
      says === undefined || statement.includes(folded(says))
        ? []
        : [problem("says", `case ${name} quotes "${says}", which statement.md does not say`)],
    ),
    ...unsaidSystems(task, texts).map((system) =>
      problem(
        "systems",
        `asks for ${system}, which no text that the model sees names: say it, or leave it out of systems in task.toml`,
      ),
    ),
    ...visibleTexts(texts),
  ];
}

/** The system that trials run on needs no word. A flake that is to be mended says in its own way for which systems it is. */
function unsaidSystems({ file: { kind, systems } }: Task, { shown }: TamperTexts): readonly string[] {
  if (kind !== "apply" && kind !== "end-to-end") return [];
  return systems.filter((system) => system !== RUN_ON && !shown.some(({ text }) => text.includes(system)));
}

const RUN_ON = "x86_64-linux";

const folded = (text: string): string => text.replace(/\s+/gu, " ").trim();

/** A short text of so many tokens is looked for as a whole; a shorter one may stand anywhere by chance. */
const LEAST_TOKENS = 6;
const LEAST_WORDS = 4;

function visibleTexts({ hidden, shown }: TamperTexts): readonly AdmissionProblem[] {
  return hidden.flatMap(({ place, text }) => {
    const runs = runsOf(text);
    const tokens = tokensOf(text);
    const words = new Set(tokens.filter((token) => /[\p{L}\p{N}]/u.test(token)));
    const isWhole = runs.size === 0 && tokens.length >= LEAST_TOKENS && words.size >= LEAST_WORDS && !place.includes(" case ");
    const found = shown.flatMap(({ place: where, text: seen }) => {
      const shared = isWhole
        ? ` ${tokensOf(seen).join(" ")} `.includes(` ${tokens.join(" ")} `)
          ? tokens.join(" ")
          : undefined
        : sharedRun(seen, runs);
      return shared === undefined ? [] : [`${where} shows "${shared}" of ${place}`];
    });
    return found.slice(0, 1).map((detail) => ({ subject: "task", rule: "visible-text", detail }));
  });
}
