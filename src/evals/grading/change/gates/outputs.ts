import type { Task } from "../../../task/task.ts";
import { fail, type GateDefinition } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, checkOf, observe, TIMEOUT } from "../subject.ts";

const isNothing = ({ checks: { outputs } }: Task): boolean => outputs.require.length + outputs.forbid.length === 0;

/** Required attributes exist and forbidden ones do not, on every system of the task. */
export const outputs: GateDefinition<ChangeSubject> = {
  name: "outputs",
  needs: ["parse"],
  expensive: false,
  nothingToCheck: (task) => (isNothing(task) ? "the task names no output" : undefined),
  async run(subject) {
    const { target, environment } = subject.context;
    if (!target.hasFlake) return fail("flake.nix does not exist among the tracked files");
    const { task } = subject.place;
    const { require, forbid } = task.checks.outputs;
    const check = checkOf("flake-outputs", { require, forbid, systems: task.file.systems, timeout: TIMEOUT.eval });
    return judgementOf(await observe(subject, check), environment);
  },
};
