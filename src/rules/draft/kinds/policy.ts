import { flakeParts } from "../../../nix/recipes/existing/flake-parts.ts";
import type { SurveyDetails } from "../../../tools/contract.ts";
import { obeysPolicy } from "../../plan/flake-inputs.ts";
import type { ChangeResult } from "../change.ts";
import { UNTOUCHED } from "../evidence.ts";
import { joined } from "../subject.ts";

/** All inputs of the flake that exists from where `[policy.inputs]` allows. The rule is a person's; only the inputs are changed. */
export function policyChange({ survey, policy }: SurveyDetails): ChangeResult {
  if (!survey.flake) return { refusal: "There is no flake whose inputs could be changed. Ask to nixify the project." };
  if (!policy)
    return {
      refusal:
        "crq-agent.toml has no [policy.inputs], so nothing says where inputs may come from, and an agent may not write that rule. Add it (org = \"OWNER\", ref = '^BRANCH$'), commit it, and draft again.",
    };
  const inputs = flakeParts(survey.flake.text).inputs;
  const names = [...inputs.keys()];
  const off = names.filter((name) => !obeysPolicy(inputs.get(name)?.url ?? "", policy));
  const code = (list: readonly string[]): string => joined(list.map((name) => `\`${name}\``));
  if (names.length === 0)
    return { refusal: "The flake declares no input with a literal address, so there is nothing to rewrite." };
  return {
    change: {
      kind: "policy",
      title: "Flake inputs by the input policy",
      inScope: [
        `The addresses of inputs in \`flake.nix\`, and their nodes in \`flake.lock\`${survey.flake.locked ? "" : " (new)"}.`,
      ],
      outOfScope: ["What the flake builds, and how.", "The policy itself, which is a person's to change."],
      details: [
        {
          heading: "Inputs",
          text: `The flake declares ${code(names)}. ${off.length === 0 ? "Each declaration follows the policy; what is left is the lock." : `Off the policy: ${code(off)}.`}`,
        },
      ],
      criteria: [
        {
          sentence: "Every flake input follows the input policy of the project, as declared and as locked.",
          checks: [{ kind: "flake-inputs", "min-inputs": names.length }],
          step: "Rewrite the addresses and lock them anew",
        },
        {
          sentence: `\`flake.lock\` is in step with the flake and holds ${code(names)}.`,
          checks: [{ kind: "lock", require: names }],
          step: "Rewrite the addresses and lock them anew",
        },
      ],
      questions: [],
      assumptions: [],
      supports: ({ key }) => key?.startsWith("policy.") === true || key?.startsWith("rule.") === true,
      decided: ({ key }) => {
        const name = /^inputs\.(?<name>.+)\.url$/.exec(key)?.groups?.name;
        return name !== undefined && inputs.has(name) ? "the input policy" : UNTOUCHED;
      },
    },
  };
}
