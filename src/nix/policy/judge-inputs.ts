import { type FlakeLock, resolvePath } from "../lock.ts";
import type { FlakeInputs } from "../nix.ts";
import { attributeOf, type DeclaredSource, declaredSources, undeclaredArguments } from "./declared-sources.ts";
import type { LatticePlace } from "./lattice-place.ts";
import { judgeLock } from "./lock.ts";
import type { InputFinding, InputPolicy } from "./policy.ts";
import { type Judged, policyForm, standing } from "./reference.ts";

/** The judgement of a flake's inputs by the project's policy. */

export interface PolicyQuestion {
  readonly policy: InputPolicy;
  readonly inputs: FlakeInputs;
  /** Absent: only what flake.nix declares is judged. */
  readonly lock?: FlakeLock;
  /** ISO date; exceptions end. */
  readonly today: string;
  /** Where the flake stands in a lattice. */
  readonly lattice?: LatticePlace;
}

/** Every input against the policy; an empty list means that all obey it. */
export function judgeInputs({ policy, inputs, lock, today, lattice }: PolicyQuestion): readonly InputFinding[] {
  const findings: InputFinding[] = [];
  const sources = declaredSources(inputs);
  const direct = new Map(sources.filter(({ override }) => !override).map((each) => [each.name, each]));
  for (const each of sources) {
    const { name, url, position } = each;
    const judged = url === undefined ? judgeFollows(each, direct, policy, lock) : judgeUrl(each, url, policy, today, lattice);
    if (judged)
      findings.push({
        severity: "error",
        input: name,
        ...judged,
        ...(url !== undefined && { url }),
        ...(position && { position }),
      });
    else if (each.override && lock && overridesNothing(lock, name)) findings.push(uselessOverride(each));
  }
  for (const name of undeclaredArguments(inputs)) {
    findings.push({
      severity: "error",
      input: name,
      rule: "undeclared",
      message: `outputs takes '${name}', which inputs does not declare: Nix would ask a registry for it`,
      next: `Declare inputs.${name}.url in the policy's form: ${policyForm(policy)}`,
    });
  }
  return lock ? [...findings, ...judgeLock({ policy, declared: sources, lock, today, ...(lattice && { lattice }) })] : findings;
}

function judgeUrl(
  { name, position }: DeclaredSource,
  url: string,
  policy: InputPolicy,
  today: string,
  lattice: LatticePlace | undefined,
): Judged | undefined {
  const stands = standing(url, { input: name }, policy, today, lattice);
  if (stands.kind !== "breaks") return undefined;
  const { judged } = stands;
  if (judged.rule !== "not-a-reference") return judged;
  const written = position ? `${attributeOf(name)}.url = "${url}"` : `${attributeOf(name)} ("${url}")`;
  return { ...judged, message: `${written} is no flake reference that Nix would read in one way only` };
}

function judgeFollows(
  { name, override, follows }: DeclaredSource,
  declared: ReadonlyMap<string, DeclaredSource>,
  policy: InputPolicy,
  lock: FlakeLock | undefined,
): Judged | undefined {
  if (follows === undefined)
    return { rule: "not-a-reference", message: `inputs.${name} names no source`, next: `Write its url: ${policyForm(policy)}` };
  if (follows === "") return undefined;
  const attribute = attributeOf(name);
  const missing = (message: string): Judged => ({
    rule: "follows-missing",
    message,
    next: "Name an input that is declared (Nix only warns of this and goes on with another source).",
  });
  const path = follows.split("/");
  const end = declared.has(path[0] ?? "") && !(lock && path.length > 1 && resolvePath(lock, path) === undefined);
  if (!end) return missing(`${attribute} follows '${follows}', which does not exist`);
  const first = override ? path[0] : name;
  return first !== undefined && inCircle(first, declared)
    ? missing(`${attribute} follows '${follows}', which leads in a circle`)
    : undefined;
}

function inCircle(start: string, declared: ReadonlyMap<string, DeclaredSource>): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = start; at !== undefined; ) {
    if (seen.has(at)) return true;
    seen.add(at);
    const next: DeclaredSource | undefined = declared.get(at);
    at = next?.url === undefined ? next?.follows?.split("/")[0] : undefined;
  }
  return false;
}

/** The lock knows the input and no such input of it. */
function overridesNothing(lock: FlakeLock, name: string): boolean {
  const path = name.split("/");
  return resolvePath(lock, path.slice(0, -1)) !== undefined && resolvePath(lock, path) === undefined;
}

const uselessOverride = ({ name, position }: DeclaredSource): InputFinding => ({
  severity: "warning",
  input: name,
  rule: "override-missing",
  message: `${attributeOf(name)} overrides an input that ${attributeOf(name.slice(0, name.lastIndexOf("/")))} does not have`,
  next: "Correct the name or take the override out (Nix only warns of this).",
  ...(position && { position }),
});
