import { z } from "zod";
import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { failureOfNix } from "../../../../crq/criteria/check/result.ts";
import { Derivations } from "../../../../crq/criteria/programs/derivations.ts";
import { nixString } from "../../../../nix/attribute-path.ts";
import type { DerivationFile } from "../../../../nix/derivation-file.ts";
import { InfraFailure } from "../../../trial/infra-failure.ts";
import { fail, type GateDefinition, type Judgement, pass } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, checkOf, observe, TIMEOUT } from "../subject.ts";

/** `nix flake check` is ok; checks that the task asks for exist; and each that there is tests something. */
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
      return judged.verdict === "pass" ? ((await idleChecks(subject)) ?? judged) : judged;
    }
    const ran = await evaluator(context).flakeCheck(TIMEOUT.build * 1000);
    if (!ran.ok) return judgementOf(failureOfNix(ran, "nix flake check"), context.environment);
    return (await idleChecks(subject)) ?? pass("nix flake check is ok; the task asks for no check by name", ran.log);
  },
};

const named = z.array(z.object({ name: z.string(), drv: z.string() }));

/** Names with their derivations; what is none fails `nix flake check` before this is asked. */
const allChecks = (system: string): string => `outputs:
  let checks = outputs.checks.${nixString(system)} or { };
  in map (name: { inherit name; drv = builtins.unsafeDiscardStringContext checks.${"${name}"}.drvPath; }) (builtins.attrNames checks)`;

/** A flake that had a check and now has a stub of that name lost it, also where the task names none. */
async function idleChecks({ context, place }: ChangeSubject): Promise<Judgement | undefined> {
  const answer = await evaluator(context).evaluateOutputs(allChecks(context.system), TIMEOUT.eval * 1000);
  if (!answer.ok) return judgementOf(failureOfNix(answer, "evaluating the checks"), context.environment);
  const derivations = new Derivations(place.environment);
  const idle: string[] = [];
  for (const { name, drv } of named.parse(answer.value)) {
    const file = await derivations.read(drv);
    if (file === undefined) throw new InfraFailure("harness", `${drv} was evaluated and cannot be read`);
    if (isIdle(file)) idle.push(name);
  }
  return idle.length === 0 ? undefined : fail(`nothing is tested by ${idle.join(", ")}: it needs no other derivation (stub)`);
}

/**
 * A builder that needs no other derivation has no compiler, no program and no test runner: whatever its script looks like, it tests nothing.
 * Nix's own builders (`builtin:fetchurl`) compare a hash. Pure.
 */
export const isIdle = ({ inputDerivations, builder }: DerivationFile): boolean =>
  inputDerivations.length === 0 && !builder.startsWith("builtin:");
