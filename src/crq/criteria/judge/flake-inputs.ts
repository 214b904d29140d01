import { isLocal, parseFlakeReference } from "../../../nix/flake-reference.ts";
import type { FlakeInputs, ParsedInput } from "../../../nix/nix.ts";

/** The seam through which a project's policy comes in: `[policy.inputs]` as a function, made by whoever read the configuration. */
export type InputJudge = (evidence: InputEvidence) => readonly InputFinding[];

export interface InputEvidence {
  readonly flake: FlakeInputs;
  /** flake.lock as JSON; undefined when the check does not look at it. */
  readonly lock: unknown;
}

export interface InputFinding {
  readonly input: string;
  readonly severity: "error" | "warning";
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** What is wrong with declared flake inputs under every policy: local paths, inputs nobody declared, `follows` that lead nowhere. Pure. */
export function judgeWithoutPolicy(flake: FlakeInputs): readonly string[] {
  const declared = new Set(flake.inputs.map((input) => input.name));
  const undeclared = Object.keys(flake.outputArguments).filter((name) => name !== "self" && !declared.has(name));
  return [
    ...undeclared.map(
      (name) =>
        `outputs takes '${name}', which inputs does not declare, so Nix would ask a registry for it; declare inputs.${name}.url`,
    ),
    ...flake.inputs.flatMap((input) => problemOf(input, declared) ?? []),
  ];
}

function problemOf({ name, url, follows }: ParsedInput, declared: ReadonlySet<string>): string | undefined {
  if (url !== undefined) {
    const reference = parseFlakeReference(url);
    if (!reference) return `inputs.${name}.url = "${url}" is no flake reference`;
    return isLocal(reference)
      ? `inputs.${name}.url = "${url}" is a place on this machine; use a reference that others can fetch`
      : undefined;
  }
  if (follows === undefined) return `inputs.${name} has neither url nor follows, so Nix would ask a registry for it`;
  const [first = ""] = follows.split("/");
  return (declared.has(first) && first !== name) || follows === ""
    ? undefined
    : `inputs.${name} follows '${follows}', which is no declared input`;
}
