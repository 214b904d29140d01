import type { GateDefinition } from "../gate.ts";
import { judgeCases, runCase } from "../run-cases.ts";
import { builtOutputs, type ChangeSubject } from "../subject.ts";

/** Shown inputs (golden), or inputs that no text shows (shadow), give the expected output. */
const casesOf = (set: "golden" | "shadow"): GateDefinition<ChangeSubject> => ({
  name: set,
  needs: ["build"],
  expensive: true,
  nothingToCheck: ({ checks }) => (checks.case.some((one) => one.set === set) ? undefined : `the task has no ${set} case`),
  async run(subject) {
    const { task } = subject.place;
    const built = await builtOutputs(subject);
    const cases = task.checks.case.filter((one) => one.set === set);
    return judgeCases(cases, (one) => runCase(task, one, built, subject.context), subject.context);
  },
});

export const golden = casesOf("golden");
export const shadow = casesOf("shadow");
