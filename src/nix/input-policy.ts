import { z } from "zod";
import { type FlakeLock, resolvePath } from "./lock.ts";
import type { FlakeInputs, SourcePlace } from "./nix.ts";
import { judgeLock } from "./policy/lock.ts";
import { type Judged, policyForm, standing } from "./policy/reference.ts";

/** The rule of a project about where its flake's inputs may come from (crq-agent.toml, `[policy.inputs]`), and the judgement by it. */

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text, "mu");
    return true;
  } catch {
    return false;
  }
};

const day = z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))]);

export const inputPolicySchema = z.strictObject({
  org: z.string().min(1),
  /** JavaScript regular expression, flags `mu`. */
  ref: z.string().min(1).refine(isPattern, "is no regular expression"),
  /** Lock nodes that are not direct inputs. */
  transitive: z.enum(["error", "warn", "ignore"]).default("warn"),
  /** Upstream `OWNER/REPO` to the branch that the org's fork is known to have. */
  forks: z.record(z.string(), z.string()).default({}),
  exception: z
    .array(
      z.strictObject({
        url: z.string().min(1),
        reason: z.string().min(1),
        input: z.string().exactOptional(),
        until: day.exactOptional(),
      }),
    )
    .default([]),
});

export type InputPolicy = z.infer<typeof inputPolicySchema>;

export interface InputFinding {
  readonly severity: "error" | "warning";
  readonly rule:
    | "undeclared"
    | "follows-missing"
    | "override-missing"
    | "not-a-reference"
    | "local"
    | "other-host"
    | "other-owner"
    | "no-ref"
    | "other-ref"
    | "lock-missing"
    | "lock-differs"
    | "lock-owner"
    | "transitive";
  /** `naersk`, or `naersk/nixpkgs` for an override of an input's input. */
  readonly input: string;
  readonly url?: string;
  readonly message: string;
  readonly next: string;
  readonly position?: { readonly line: number; readonly column: number };
}

export interface PolicyQuestion {
  readonly policy: InputPolicy;
  readonly inputs: FlakeInputs;
  /** Absent: only what flake.nix declares is judged. */
  readonly lock?: FlakeLock;
  /** ISO date; exceptions end. */
  readonly today: string;
}

/** A place of flake.nix that says where something comes from: an input, or an override of an input's own input. */
export interface DeclaredSource {
  readonly name: string;
  readonly override: boolean;
  readonly url?: string;
  readonly follows?: string;
  readonly position?: SourcePlace;
}

/** Inputs and overrides in one list. `inputs.self` (Nix 2.27 and later) only says how the flake itself is fetched. */
export function declaredSources({ inputs }: FlakeInputs): readonly DeclaredSource[] {
  return inputs.flatMap(({ overrides, ...input }) =>
    input.name === "self" && input.url === undefined
      ? []
      : [
          source(input.name, input, false),
          ...Object.entries(overrides).flatMap(([path, override]) =>
            override.url === undefined && override.follows === undefined ? [] : [source(`${input.name}/${path}`, override, true)],
          ),
        ],
  );
}

const source = (
  name: string,
  { url, follows, position }: Partial<Pick<DeclaredSource, "url" | "follows" | "position">>,
  override: boolean,
): DeclaredSource => ({
  name,
  override,
  ...(url !== undefined && { url }),
  ...(follows !== undefined && { follows }),
  ...(position && { position }),
});

/** The attribute of flake.nix that a source stands at: `inputs.naersk.inputs.nixpkgs`. */
export const attributeOf = (name: string): string => `inputs.${name.split("/").join(".inputs.")}`;

/** Every input against the policy; an empty list means that all obey it. */
export function judgeInputs({ policy, inputs, lock, today }: PolicyQuestion): readonly InputFinding[] {
  const findings: InputFinding[] = [];
  const sources = declaredSources(inputs);
  const direct = new Map(sources.filter(({ override }) => !override).map((each) => [each.name, each]));
  for (const each of sources) {
    const { name, url, position } = each;
    const judged = url === undefined ? judgeFollows(each, direct, policy, lock) : judgeUrl(each, url, policy, today);
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
  return lock ? [...findings, ...judgeLock(policy, sources, lock, today)] : findings;
}

/** Arguments of outputs that Nix would ask a registry for. */
export function undeclaredArguments({ inputs, outputArguments }: FlakeInputs): readonly string[] {
  const declared = new Set(["self", ...inputs.map(({ name }) => name)]);
  return Object.keys(outputArguments).filter((name) => !declared.has(name));
}

function judgeUrl({ name, position }: DeclaredSource, url: string, policy: InputPolicy, today: string): Judged | undefined {
  const stands = standing(url, { input: name }, policy, today);
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
