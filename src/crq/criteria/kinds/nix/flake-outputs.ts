import { parseAttributePath } from "../../../../nix/attribute-path.ts";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { minimalFlake, SYSTEM } from "../../canaries/minimal-flake.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";
import { oldName } from "../../judge/attributes.ts";
import type { AttributeFact } from "../../judge/flake-facts.ts";

export const flakeOutputs = defineKind({
  schema: checkSchemas["flake-outputs"],
  kind: "flake-outputs",
  tier: "eval",
  needs: "flake",
  guard: "the flake has no outputs, or the check names none",
  canary: {
    description: "a flake without the development shell that the check requires",
    files: { "flake.nix": minimalFlake("packages", "default", "echo ok > $out") },
    check: checkSchemas["flake-outputs"].parse({ kind: "flake-outputs", require: [`devShells.${SYSTEM}.default`] }),
  },
  perSystem: true,
  run: judge,
});

interface Member {
  /** How many names lead to one. */
  readonly names: number;
  readonly types: readonly string[];
  readonly called: string;
}

const DERIVATION: Member = { names: 3, types: ["derivation"], called: "a derivation" };

/** What the members of an output must be, whatever they are called. `nix run` takes a package for an app too. */
const MEMBERS: ReadonlyMap<string, Member> = new Map([
  ["packages", DERIVATION],
  ["devShells", DERIVATION],
  ["checks", DERIVATION],
  ["apps", { names: 3, types: ["app", "derivation"], called: "an app" }],
  ["formatter", { ...DERIVATION, names: 2 }],
]);

async function judge(check: CheckOf<"flake-outputs">, context: CheckContext): Promise<CheckResult> {
  const systems = check.systems ?? context.systems;
  const everySystem = (paths: readonly string[]): string[] => [
    ...new Set(paths.flatMap((path) => systems.map((system) => context.expand(path, system)))),
  ];
  const required = everySystem(check.require);
  const forbidden = everySystem(check.forbid);
  const counts = { candidates: required.length + forbidden.length, checked: required.length + forbidden.length };
  if (counts.candidates === 0) return vacuous("nothing-checked", "eval", "the check names no attribute", counts);

  const facts = await evaluator(context).facts(check.timeout * 1000);
  if (!facts.ok) return failureOfNix(facts, "evaluating the flake's outputs", counts);
  const { attributes, topLevel } = facts.value;
  const fact = (path: string): AttributeFact => attributes[path] ?? { exists: false };

  const problems: string[] = [];
  const warnings = [...facts.warnings];
  for (const path of required) {
    const old = oldName(path);
    if (!fact(path).exists && old !== undefined && fact(old).exists) {
      warnings.push(`${old} is an old name; newer Nix looks for ${path}`);
      continue;
    }
    const problem = problemOf(path, fact(path)) ?? (await notInstantiated(path, fact(path), context, check.timeout * 1000));
    if (problem !== undefined) problems.push(problem);
  }
  for (const path of forbidden) {
    if (parseAttributePath(path) === undefined) problems.push(noPath(path));
    else if (fact(path).exists) problems.push(`${path} exists`);
  }

  const details = { log: facts.log, warnings };
  if (problems.length > 0)
    return failed(required.length > 0 ? "missing" : "forbidden", "eval", problems.join("; "), counts, details);
  if (topLevel.length === 0) return vacuous("empty", "eval", "the flake has no outputs", counts, details);
  return passed("eval", sentence(required, forbidden), counts, details);
}

function problemOf(path: string, fact: AttributeFact): string | undefined {
  const names = parseAttributePath(path);
  if (!names) return noPath(path);
  if (!fact.exists) return `${path} does not exist`;
  if (fact.type === "error") return `${path} exists but cannot be evaluated`;
  const member = MEMBERS.get(names[0] ?? "");
  if (member?.names !== names.length || fact.type === undefined || member.types.includes(fact.type)) return undefined;
  return `${path} is a ${fact.type}, not ${member.called}`;
}

const noPath = (path: string): string => `${path} is no attribute path: quote a name that is none (packages."a.b")`;

/**
 * What calls itself a derivation must be one on the system that can be tried here: `{ type = "derivation"; }` has no .drv. Where one attribute
 * broke the evaluation of all, each is asked by itself.
 */
async function notInstantiated(
  path: string,
  fact: AttributeFact,
  context: CheckContext,
  timeoutMs: number,
): Promise<string | undefined> {
  if (fact.type !== "derivation" || parseAttributePath(path)?.[1] !== context.system) return undefined;
  if (fact.drvPath !== undefined)
    return fact.drvPath === null ? `${path} calls itself a derivation, but cannot be built` : undefined;
  const asked = await evaluator(context).evaluate(path, REAL_DERIVATION, timeoutMs);
  if (asked.ok) return asked.value === true ? undefined : `${path} calls itself a derivation, but cannot be built`;
  return asked.why === "failed" ? `${path} cannot be evaluated: ${asked.diagnoses[0].message}` : undefined;
}

/** The text of a .drv path made by hand refers to no derivation. */
const REAL_DERIVATION = "value: builtins.hasContext value.drvPath";

function sentence(required: readonly string[], forbidden: readonly string[]): string {
  const parts = [
    ...(required.length > 0 ? [`${required.join(", ")} ${required.length === 1 ? "exists" : "exist"}`] : []),
    ...(forbidden.length > 0 ? [`${forbidden.join(", ")} ${forbidden.length === 1 ? "does" : "do"} not`] : []),
  ];
  return parts.join("; ");
}
