import type { FlakeInputs, ParsedInput } from "../../../nix/nix.ts";

/** Judgement of declared flake inputs where it needs no project policy, and the seam through which a policy comes in. Pure. */

export interface InputFinding {
  readonly input: string;
  readonly severity: "error" | "warning";
  /** What is wrong and what would be right. */
  readonly message: string;
}

export interface InputEvidence {
  readonly flake: FlakeInputs;
  /** flake.lock as JSON; undefined when the check does not look at it. */
  readonly lock: unknown;
}

/** `[policy.inputs]` of crq-agent.toml as a function; made from src/nix/input-policy.ts by whoever read the configuration. */
export type InputJudge = (evidence: InputEvidence) => readonly InputFinding[];

/** What is wrong under every policy: local paths, inputs that nobody declared, `follows` that lead nowhere. */
export function judgeWithoutPolicy(flake: FlakeInputs): readonly InputFinding[] {
  const declared = new Set(flake.inputs.map((input) => input.name));
  const findings: InputFinding[] = [];
  for (const name of Object.keys(flake.outputArguments)) {
    if (name !== "self" && !declared.has(name)) {
      findings.push({
        input: name,
        severity: "error",
        message: `\`${name}\` is an argument of outputs but no declared input, so Nix would take it from the registry; declare inputs.${name}.url`,
      });
    }
  }
  for (const input of flake.inputs) findings.push(...judgeInput(input, declared));
  return findings;
}

function judgeInput(input: ParsedInput, declared: ReadonlySet<string>): InputFinding[] {
  const error = (message: string): InputFinding[] => [{ input: input.name, severity: "error", message }];
  if (input.url !== undefined) {
    return isLocal(input.url)
      ? error(`inputs.${input.name}.url is the local path "${input.url}"; use a reference that other machines can fetch`)
      : [];
  }
  if (input.follows === undefined)
    return error(`inputs.${input.name} has neither url nor follows, so Nix would take it from the registry`);
  const [first] = input.follows.split("/");
  return first !== undefined && declared.has(first) && first !== input.name
    ? []
    : error(`inputs.${input.name} follows "${input.follows}", which is no declared input`);
}

/** `path:`, `./`, `../`, `/`, `~`, `file:`, `git+file:` (crq-format §9.4). */
export function isLocal(url: string): boolean {
  return /^(?:(?:git\+|tarball\+)?file:|path:|\.{0,2}\/|\.{1,2}$|~)/i.test(url);
}
