import { addFormal } from "../../nix/mechanics/code/edit/formals.ts";
import { shellExpression } from "../../nix/recipes/dev-shell.ts";
import { type FlakeParts, flakeParts, type OutputsSet } from "../../nix/recipes/existing/flake-parts.ts";
import { addOutputs, insertBindings } from "../../nix/recipes/existing/insert-bindings.ts";
import { type Binding, bind, type Code, letIn, list, path, set, string } from "../../nix/recipes/nix-syntax.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";

/** A flake that somebody wrote stays theirs: inputs and outputs that are missing are added in the form it has. */

const SYSTEM = `\${system}`;

/** The flake with the plan's inputs, and with a shell and checks where it has none; each as far as its form allows. */
export const keepFlake = (text: string, plan: FlakePlan): string => withOutputs(withInputs(text, plan), plan);

/** Addresses as the plan has them, and inputs that were not declared. */
function withInputs(text: string, plan: FlakePlan): string {
  const { inputs } = flakeParts(text);
  const moved = plan.inputs.filter((input) => inputs.has(input.name) && inputs.get(input.name)?.url !== input.url);
  const literals = moved.flatMap((input) => {
    const literal = inputs.get(input.name)?.literal;
    return literal ? [{ ...literal, code: string(input.url) }] : [];
  });
  const readdressed = literals
    .sort((a, b) => b.start - a.start)
    .reduce((source, { start, end, code }) => source.slice(0, start) + code + source.slice(end), text);
  const fresh = plan.inputs.filter((input) => !inputs.has(input.name));
  const { inputsClose } = flakeParts(readdressed);
  if (fresh.length === 0 || inputsClose === undefined) return readdressed;
  const bindings = fresh.flatMap((input) => [
    bind(path(input.name, "url"), string(input.url)),
    ...Object.entries(input.follows).map(([name, target]) => bind(path(input.name, "inputs", name, "follows"), string(target))),
  ]);
  const declared = insertBindings(readdressed, inputsClose, bindings);
  return fresh.reduce((source, input) => withArgument(source, input.name), declared);
}

/** `outputs` must take every input that is declared, by name or by dots. */
function withArgument(text: string, name: string): string {
  const { outputs } = flakeParts(text);
  if (!outputs || outputs.arguments.includes(name) || outputs.takesMore) return text;
  return addFormal(text, name, "outputs") ?? text;
}

function withOutputs(text: string, plan: FlakePlan): string {
  const parts = flakeParts(text);
  const { outputs } = parts;
  if (!outputs) return text;
  const has = (...names: readonly string[]): boolean =>
    outputs.names.some(([first]) => first !== undefined && names.includes(first));
  const additions: Binding[] = [];
  if (!has("devShells", "devShell"))
    additions.push(
      ...forSystems(
        parts,
        outputs,
        plan,
        "devShells",
        plan.shells.map((name) => [name, shellCode(plan)]),
      ),
    );
  if (!has("checks") && has("packages") && outputs.arguments.includes("self"))
    additions.push(
      ...(additions.length > 0 ? [undefined] : []),
      bind("checks", outputs.kind === "perSystem" ? `self.packages.${SYSTEM}` : "self.packages"),
    );
  return addOutputs(text, outputs, additions);
}

/** The plan's shell without the inputs of packages, whose names are the author's. */
const shellCode = (plan: FlakePlan): Code =>
  shellExpression({
    ...plan,
    toolchain: { from: "nixpkgs" },
    packages: [],
    tests: [],
    shellPackages: [
      ...plan.shellPackages,
      ...[...plan.nativeBuildInputs, ...plan.buildInputs]
        .filter((need) => need.only === undefined && need.attribute !== "rustPlatform.bindgenHook")
        .map((need) => need.attribute),
    ],
  });

/** Bindings of an output in the way the flake writes its own: by eachSystem, for its one system, or for a list of systems. */
function forSystems(
  parts: FlakeParts,
  outputs: OutputsSet,
  plan: FlakePlan,
  output: string,
  values: readonly (readonly [string, Code])[],
): readonly Binding[] {
  if (outputs.kind === "perSystem") {
    if (outputs.binds("pkgs")) return values.map(([name, code]) => bind(path(output, name), code));
    return outputs.arguments.includes("nixpkgs") ? [bind(output, withPkgs(values))] : [];
  }
  const own = outputs.names.find(([first, , ...rest]) => first === "packages" && rest.length > 0);
  const literal = own?.[1];
  if (own && outputs.binds("pkgs") && (literal !== undefined || outputs.binds("system"))) {
    const system = literal === undefined ? SYSTEM : path(literal);
    return values.map(([name, code]) => bind(`${output}.${system}.${path(name)}`, code));
  }
  if (!outputs.arguments.includes("nixpkgs")) return [];
  const systems =
    parts.systems.length > 0 && outputs.binds("systems")
      ? "systems"
      : list((parts.systems.length > 0 ? parts.systems : plan.systems).map(string));
  return [bind(output, `nixpkgs.lib.genAttrs ${systems} (\n${indented(`system:\n${withPkgs(values)}`)}\n)`)];
}

const withPkgs = (values: readonly (readonly [string, Code])[]): Code =>
  letIn([bind("pkgs", `nixpkgs.legacyPackages.${SYSTEM}`)], set(values.map(([name, code]) => bind(path(name), code))));

const indented = (code: Code): Code =>
  code
    .split("\n")
    .map((line) => (line === "" ? line : `  ${line}`))
    .join("\n");
