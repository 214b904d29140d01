import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openDraft } from "../grading/draft/grade-draft.ts";
import type { GradingPlace } from "../grading/place.ts";
import type { GradeOptions } from "../grading/refuse/grade-refusal.ts";
import type { Hack } from "../task/task.ts";
import type { AdmissionProblem } from "./admission.ts";

/** A wrong change of a draft task must be told from a right one at least by the document that the task itself takes for right. */
export async function tryWrongTree(
  place: GradingPlace,
  { name, rule }: Hack,
  options: GradeOptions,
): Promise<readonly AdmissionProblem[]> {
  const subject = `hack ${name}`;
  if (rule !== "mutants")
    return [
      { subject, rule, detail: "a wrong change without a CRQ.md is what drafted checks must reject: name the gate mutants" },
    ];
  const markdown = await readFile(join(place.task.directory, "solution", "CRQ.md"), "utf8").catch(() => undefined);
  if (markdown === undefined) return [{ subject, rule, detail: "solution/CRQ.md is missing, so nothing can judge it" }];
  const draft = await openDraft(place, markdown, options);
  const { accepted, reason } = await draft.tryOverlay(`hacks/${name}`);
  return accepted ? [{ subject, rule, detail: `the solution's own checks accept it: ${reason}`, log: options.logs }] : [];
}
