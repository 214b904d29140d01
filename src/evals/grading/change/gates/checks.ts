import { z } from "zod";
import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { failureOfNix } from "../../../../crq/criteria/check/result.ts";
import { Derivations } from "../../../../crq/criteria/programs/derivations.ts";
import { drvPathsFunction } from "../../../../nix/questions/derivation-paths.ts";
import { InfraFailure } from "../../../trial/infra-failure.ts";
import { fail, type GateDefinition, type Judgement, pass } from "../gate.ts";
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
    if (require.length > 0) {
      const check = checkOf("flake-check", { require, timeout: TIMEOUT.build });
      const judged = await judgementOf(await observe(subject, check), context.environment);
      return judged.verdict === "pass" ? ((await withoutInputs(subject, require)) ?? judged) : judged;
    }
    const ran = await evaluator(context).flakeCheck(TIMEOUT.build * 1000);
    return ran.ok
      ? pass("nix flake check is ok; the task asks for no check by name", ran.log)
      : judgementOf(failureOfNix(ran, "nix flake check"), context.environment);
  },
};

const paths = z.array(z.string());

/** A check that needs no other derivation has no compiler, no program and no test runner: whatever its script looks like, it tests nothing. */
async function withoutInputs({ context, place }: ChangeSubject, require: readonly string[]): Promise<Judgement | undefined> {
  const asked = drvPathsFunction(require.map((name) => ["checks", context.system, nameOf(name, context.system)]));
  const answer = await evaluator(context).evaluateOutputs(asked, TIMEOUT.eval * 1000);
  if (!answer.ok) return judgementOf(failureOfNix(answer, "evaluating the required checks"), context.environment);
  const derivations = new Derivations(place.environment);
  const idle: string[] = [];
  for (const [at, drv] of paths.parse(answer.value).entries()) {
    const file = await derivations.read(drv);
    if (file === undefined) throw new InfraFailure("harness", `${drv} was evaluated and cannot be read`);
    if (file.inputDerivations.length === 0) idle.push(require[at] ?? drv);
  }
  return idle.length === 0 ? undefined : fail(`nothing is tested by ${idle.join(", ")}: it needs no other derivation (stub)`);
}

/** A check is named as in the flake (`test`); a full path means the same. */
function nameOf(name: string, system: string): string {
  const prefix = `checks.${system}.`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
