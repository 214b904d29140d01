import { type GateDefinition, pass } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, checkOf, observe, onThisSystem, TIMEOUT } from "../subject.ts";

/** A second build of each required attribute gives the same bytes. */
export const rebuild: GateDefinition<ChangeSubject> = {
  name: "rebuild",
  needs: ["build"],
  expensive: true,
  nothingToCheck: ({ checks }) => (checks.build.attrs.length === 0 ? "the task names nothing to build" : undefined),
  async run(subject) {
    const { attrs } = subject.place.task.checks.build;
    for (const written of attrs) {
      const check = checkOf("nix-build", { attr: onThisSystem(subject, written), rebuild: true, timeout: TIMEOUT.build });
      const judged = await judgementOf(await observe(subject, check), subject.context.environment);
      if (judged.verdict !== "pass") return judged;
    }
    return pass(`${attrs.join(", ")}: the same a second time`);
  },
};
