import type { Affinity } from "../../system/affinity.ts";
import type { TrialRow } from "../results/trial-row.ts";
import type { Task } from "../task/task.ts";
import type { Machine } from "../trial/machine.ts";
import type { Submission } from "../trial/submission.ts";
import { gradeChange } from "./change/grade-change.ts";
import { gradeDraft } from "./draft/grade-draft.ts";
import { type GradingPlace, openGrading } from "./place.ts";
import { type GradeOptions, gradeRefusal } from "./refuse/grade-refusal.ts";

export { GATE_VERSION } from "./gate-version.ts";

/** What the host says of one submission. */
export type Grade = Pick<TrialRow, "gates" | "hack" | "suspicions" | "resolved" | "stage" | "quality">;

/** Grades by the kind of the task, in a place that nothing was graded in yet. */
export function gradeIn(place: GradingPlace, submission: Submission, options: GradeOptions): Promise<Grade> {
  switch (place.task.file.kind) {
    case "apply":
    case "repair":
    case "end-to-end":
      return gradeChange(place, submission, options);
    case "draft":
      return gradeDraft(place, submission, options);
    case "refuse":
      return gradeRefusal(place, submission, options);
  }
}

export interface GradeInput extends GradeOptions {
  readonly task: Task;
  readonly submission: Submission;
  readonly machine: Machine;
  /** Processors that the grading keeps to; undefined: any. */
  readonly affinity: Affinity | undefined;
  /** Scratch folder; made and removed. */
  readonly work: string;
}

/**
 * Grades one submission in a fresh place.
 * @throws InfraFailure where this machine could not
 */
export async function grade({ task, submission, machine, affinity, work, ...options }: GradeInput): Promise<Grade> {
  const place = await openGrading(task, machine, work, affinity);
  try {
    return await gradeIn(place, submission, options);
  } finally {
    await place.close();
  }
}
