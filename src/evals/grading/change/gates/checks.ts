import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { failureOfNix } from "../../../../crq/criteria/check/result.ts";
import { fail, type GateDefinition, pass } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, checkOf, observe, TIMEOUT } from "../subject.ts";

/** `nix flake check` is ok; checks that the task asks for exist and test something. */
export const checks: GateDefinition<ChangeSubject> = {
  name: "checks",
  needs: ["parse"],
  expensive: true,
  async run(subject) {
    const { context } = subject;
    if (!context.target.hasFlake) return fail("flake.nix does not exist among the tracked files");
    const { require } = subject.place.task.checks.checks;
    if (require.length > 0)
      return judgementOf(
        await observe(subject, checkOf("flake-check", { require, timeout: TIMEOUT.build })),
        context.environment,
      );
    const ran = await evaluator(context).flakeCheck(TIMEOUT.build * 1000);
    return ran.ok
      ? pass("nix flake check is ok; the task asks for no check by name", ran.log)
      : judgementOf(failureOfNix(ran, "nix flake check"), context.environment);
  },
};
