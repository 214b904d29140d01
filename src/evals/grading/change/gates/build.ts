import { type GateDefinition, type Judgement, pass } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, checkOf, observe, onThisSystem, TIMEOUT } from "../subject.ts";

/** Required attributes build, in Nix's own sandbox. */
export const build: GateDefinition<ChangeSubject> = {
  name: "build",
  needs: ["parse"],
  expensive: true,
  nothingToCheck: ({ checks }) => (checks.build.attrs.length === 0 ? "the task names nothing to build" : undefined),
  async run(subject) {
    const built: Judgement[] = [];
    for (const written of subject.place.task.checks.build.attrs) {
      const attr = onThisSystem(subject, written);
      const check = checkOf("nix-build", { attr, timeout: TIMEOUT.build });
      const judged = await judgementOf(await observe(subject, check), subject.context.environment);
      if (judged.verdict !== "pass") return judged;
      built.push(judged);
    }
    return pass(built.map(({ detail }) => detail).join("; "), built.map(({ log = "" }) => log).join("\n"));
  },
};
