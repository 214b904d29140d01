import { evaluator } from "../../../../crq/criteria/check/kind.ts";
import { failureOfNix } from "../../../../crq/criteria/check/result.ts";
import { type GateDefinition, pass } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, onThisSystem, TIMEOUT } from "../subject.ts";

/** A second build of each required attribute gives the same bytes. Two names of one derivation are built again once. */
export const rebuild: GateDefinition<ChangeSubject> = {
  name: "rebuild",
  needs: ["build"],
  expensive: true,
  nothingToCheck: ({ checks }) => (checks.build.attrs.length === 0 ? "the task names nothing to build" : undefined),
  async run(subject) {
    const { place, workspace, context, signal } = subject;
    const attributes = place.task.checks.build.attrs.map((written) => onThisSystem(subject, written));
    const facts = await evaluator(context).facts(TIMEOUT.eval * 1000);
    const wanted = attributes.map(
      (attribute) => (facts.ok ? facts.value.attributes[attribute]?.drvPath : undefined) ?? attribute,
    );
    const limits = { timeoutMs: TIMEOUT.build * 1000, signal };
    const built = await place.nix.build(workspace.directory, wanted, { ...limits, rebuild: true });
    const counts = { candidates: attributes.length, checked: attributes.length };
    return built.ok
      ? pass(`${attributes.join(", ")}: the same a second time`, built.log)
      : judgementOf(failureOfNix(built, "the second build", counts), context.environment);
  },
};
