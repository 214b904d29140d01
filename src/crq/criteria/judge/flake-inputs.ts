import { isLocal, parseFlakeReference } from "../../../nix/flake-reference.ts";
import type { FlakeInputs } from "../../../nix/nix.ts";
import { attributeOf, type DeclaredSource, declaredSources, undeclaredArguments } from "../../../nix/policy/declared-sources.ts";
import { isLatticeEdge, type LatticePlace } from "../../../nix/policy/lattice-place.ts";

/** The seam through which a project's policy comes in: `[policy.inputs]` as a function, made by whoever read the configuration. */
export type InputJudge = (evidence: InputEvidence) => readonly InputFinding[];

export interface InputEvidence {
  readonly flake: FlakeInputs;
  /** flake.lock as JSON; undefined when the check does not look at it. */
  readonly lock: unknown;
  /** Where the flake stands in a lattice, if a lattice.toml above it names it. */
  readonly lattice?: LatticePlace;
}

export interface InputFinding {
  readonly input: string;
  readonly severity: "error" | "warning";
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** What is wrong with declared flake inputs under every policy: local paths other than those between nodes of one lattice, inputs nobody declared, `follows` that lead nowhere. Pure. */
export function judgeWithoutPolicy(flake: FlakeInputs, lattice?: LatticePlace): readonly string[] {
  const declared = new Set(flake.inputs.map((input) => input.name));
  return [
    ...undeclaredArguments(flake).map(
      (name) =>
        `outputs takes '${name}', which inputs does not declare, so Nix would ask a registry for it; declare inputs.${name}.url`,
    ),
    ...declaredSources(flake).flatMap((source) => problemOf(source, declared, lattice) ?? []),
  ];
}

function problemOf(
  { name, url, follows }: DeclaredSource,
  declared: ReadonlySet<string>,
  lattice: LatticePlace | undefined,
): string | undefined {
  const attribute = attributeOf(name);
  if (url !== undefined) {
    const reference = parseFlakeReference(url);
    if (!reference) return `${attribute}.url = "${url}" is no flake reference`;
    return isLocal(reference) && !(lattice && isLatticeEdge(reference, lattice))
      ? `${attribute}.url = "${url}" is a place on this machine; use a reference that others can fetch`
      : undefined;
  }
  if (follows === undefined) return `${attribute} has neither url nor follows, so Nix would ask a registry for it`;
  const [first = ""] = follows.split("/");
  return (declared.has(first) && first !== name) || follows === ""
    ? undefined
    : `${attribute} follows '${follows}', which is no declared input`;
}
