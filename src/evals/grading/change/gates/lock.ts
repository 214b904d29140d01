import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { failureOfNix } from "../../../../crq/criteria/check/result.ts";
import { undeclaredArguments } from "../../../../nix/policy/declared-sources.ts";
import { fail, type GateDefinition, pass } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, checkOf, observe, TIMEOUT } from "../subject.ts";

/** Nix accepts flake.lock as it is, every node is pinned by content and revision, and the inputs obey the project's policy. */
export const lock: GateDefinition<ChangeSubject> = {
  name: "lock",
  needs: ["parse"],
  expensive: false,
  async run(subject) {
    const { context } = subject;
    if (!context.target.hasFlake) return fail("flake.nix does not exist among the tracked files");
    const declared = await evaluator(context).inputs(".", TIMEOUT.eval * 1000);
    if (!declared.ok) return judgementOf(failureOfNix(declared, "evaluating the declared inputs"), context.environment);
    if (declared.value.inputs.length === 0 && undeclaredArguments(declared.value).length === 0)
      return pass("the flake declares no input");
    const locked = await judgementOf(await observe(subject, checkOf("lock", { timeout: TIMEOUT.eval })), context.environment);
    if (locked.verdict !== "pass") return locked;
    const judged = await judgementOf(await observe(subject, checkOf("flake-inputs", {})), context.environment);
    return judged.verdict === "pass" ? pass(`${locked.detail}; ${judged.detail}`, judged.log) : judged;
  },
};
