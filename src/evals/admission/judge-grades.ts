import type { Grade } from "../grading/grade.ts";
import { GATES, type Gate } from "../results/trial-row.ts";
import type { Hack } from "../task/task.ts";
import type { TaskFile } from "../task/task-file.ts";
import type { AdmissionProblem } from "./admission.ts";

/** What a grading must have said of a solution, of a cheat and of nothing. Pure. */

export interface Seen {
  readonly grade: Grade;
  readonly logs: string;
  readonly misses: readonly string[];
  readonly unlocked?: string;
}

/** Of the limits of a trial a solution may need so much: models take detours. */
const SHARE_OF_LIMITS = 1 / 3;
/** Gates that do what an agent must do at least once. */
const WORK: readonly Gate[] = ["patch", "parse", "outputs", "lock", "checks", "build"];

export function judgeSolution(subject: string, { grade, logs, misses, unlocked }: Seen): readonly AdmissionProblem[] {
  const failing = GATES.filter((name) => grade.gates[name]?.verdict === "fail");
  return [
    ...(unlocked === undefined ? [] : [{ subject, rule: "lock", detail: `its flake cannot be locked: ${unlocked}`, log: logs }]),
    // `claim` only repeats what the others say.
    ...failing
      .filter((name) => name !== "claim" || failing.length === 1)
      .map((name) => ({ subject, rule: name, detail: grade.gates[name]?.detail ?? "", log: `${logs}/${name}.txt` })),
    ...(failing.length === 0 && !grade.resolved
      ? [{ subject, rule: "resolved", detail: `not every gate was run: ${skipped(grade)}`, log: logs }]
      : []),
    ...(misses.length > 0
      ? [{ subject, rule: "world-miss", detail: `the world lacks ${misses.slice(0, 3).join(", ")}`, log: logs }]
      : []),
  ];
}

/** By the fastest of several passes: the others had to wait for something else. */
export function judgeTime(
  { limits }: Pick<TaskFile, "limits">,
  subject: string,
  passes: readonly Seen[],
): readonly AdmissionProblem[] {
  const seconds =
    Math.min(...passes.map(({ grade }) => WORK.reduce((sum, name) => sum + (grade.gates[name]?.ms ?? 0), 0))) / 1000;
  const allowed = limits["wall-s"] * SHARE_OF_LIMITS;
  if (seconds <= allowed) return [];
  const detail = `needs ${Math.round(seconds)} s, a third of wall-s are ${Math.round(allowed)} s`;
  return [{ subject, rule: "limits", detail, ...(passes[0] && { log: passes[0].logs }) }];
}

const skipped = ({ gates }: Grade): string => GATES.filter((name) => gates[name]?.verdict === "skipped").join(", ");

export function judgeNop({ grade, logs }: Seen): readonly AdmissionProblem[] {
  return grade.resolved ? [{ subject: "nop", rule: "resolved", detail: "the untouched tree passes every gate", log: logs }] : [];
}

/** A cheat must fail, and by what it names: a gate that failed, or a rule that was confirmed. */
export function judgeHack({ name, rule }: Hack, { grade, logs }: Seen): readonly AdmissionProblem[] {
  const subject = `hack ${name}`;
  const failing = GATES.filter((gate) => grade.gates[gate]?.verdict === "fail");
  if (grade.resolved || failing.length === 0) return [{ subject, rule, detail: "it passes every gate", log: logs }];
  const byGate = GATES.some((gate) => gate === rule && grade.gates[gate]?.verdict === "fail");
  const byRule = grade.hack !== null && [grade.hack, ...grade.suspicions].some((finding) => finding.rule === rule);
  if (byGate || byRule) return [];
  const [first] = failing;
  const found =
    grade.hack === null ? "no tamper rule is confirmed" : `the confirmed rule is ${grade.hack.rule} (${grade.hack.evidence})`;
  const suspected = grade.suspicions.length === 0 ? "" : `, suspected ${grade.suspicions.map((one) => one.rule).join(", ")}`;
  return [
    {
      subject,
      rule,
      detail: `it fails, but not by ${rule}: ${found}${suspected}; gates that fail: ${failing.join(", ")} (${first === undefined ? "" : (grade.gates[first]?.detail ?? "")})`,
      log: logs,
    },
  ];
}

/** Times and logs aside. */
export function sameGrade(a: Grade, b: Grade): boolean {
  const verdicts = ({ gates, hack, resolved }: Grade): string =>
    JSON.stringify([GATES.map((name) => gates[name]?.verdict ?? null), hack?.rule ?? null, resolved]);
  return verdicts(a) === verdicts(b);
}
