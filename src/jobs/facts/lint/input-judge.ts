import type { InputJudge } from "../../../crq/criteria/judge/flake-inputs.ts";
import { parseLock } from "../../../nix/lock.ts";
import { judgeInputs } from "../../../nix/policy/judge-inputs.ts";
import type { InputPolicy } from "../../../nix/policy/policy.ts";

/** `[policy.inputs]` as the function that `flake-inputs` checks ask. */
export function inputJudge(policy: InputPolicy, today: () => string = () => new Date().toISOString().slice(0, 10)): InputJudge {
  return ({ flake, lock, lattice }) => {
    const parsed = lock === undefined ? undefined : parseLock(JSON.stringify(lock));
    return judgeInputs({
      policy,
      inputs: flake,
      today: today(),
      ...(parsed?.ok && { lock: parsed.lock }),
      ...(lattice && { lattice }),
    }).map(({ input, severity, message, next }) => ({ input, severity, message: `${message}. ${next}` }));
  };
}
