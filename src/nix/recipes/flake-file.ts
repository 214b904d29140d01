import { buildRustPackage, platformNames } from "./build-rust-package.ts";
import { type BuilderRecipe, type NamedCode, usesLib, versionPrelude } from "./builder.ts";
import { checkBindings } from "./checks.ts";
import { crane } from "./crane.ts";
import { crate2nix } from "./crate2nix.ts";
import { shellBindings } from "./dev-shell.ts";
import { naersk } from "./naersk.ts";
import { type Binding, bind, type Code, indent, letIn, list, paragraphs, path, set, string } from "./nix-syntax.ts";
import type { FlakePlan, PlannedApp, SupportedBuilder } from "./plan.ts";
import { forEachSystem, packageSet } from "./toolchain.ts";

/** A whole flake.nix from a plan. */

const RECIPES: Readonly<Partial<Record<SupportedBuilder, BuilderRecipe>>> = { naersk, buildRustPackage, crane, crate2nix };

/** undefined: no recipe writes flakes with this builder. */
export const recipeOf = (builder: SupportedBuilder): BuilderRecipe | undefined => RECIPES[builder];

/** One output of the flake that exists for each system. */
interface Section {
  readonly name: string;
  readonly value: Code;
}

export function renderFlake(plan: FlakePlan): string {
  const body = set(
    paragraphs(
      plan.description === undefined ? [] : [bind("description", string(plan.description))],
      [inputs(plan)],
      [`outputs =\n${indent(`${outputArguments(plan)}:\n${outputs(plan)}`)};`],
    ),
  );
  return `${body}\n`;
}

function inputs(plan: FlakePlan): Binding {
  const groups = plan.inputs.map((input) => {
    const follows = Object.entries(input.follows).map(([name, target]) => bind(path("inputs", name, "follows"), string(target)));
    return follows.length === 0
      ? bind(path(input.name, "url"), string(input.url))
      : bind(path(input.name), set([bind("url", string(input.url)), ...follows]));
  });
  const simple = plan.inputs.every((input) => Object.keys(input.follows).length === 0);
  return bind("inputs", set(simple ? groups : paragraphs(...groups.map((group) => [group]))));
}

function outputArguments(plan: FlakePlan): Code {
  const names = ["self", ...plan.inputs.filter((input) => input.used).map((input) => path(input.name))];
  const all = plan.inputs.some((input) => !input.used) ? [...names, "..."] : names;
  if (all.length <= 2) return `{ ${all.join(", ")} }`;
  return `{\n${indent(all.map((name) => (name === "..." ? name : `${name},`)).join("\n"))}\n}`;
}

function outputs(plan: FlakePlan): Code {
  const builder = recipeOf(plan.builder);
  if (!builder) throw new Error(`no recipe writes flakes with ${plan.builder}`);
  const constants = [...(usesLib(plan) ? [bind("lib", "nixpkgs.lib")] : []), ...versionPrelude(plan)];
  const sections = sectionsOf(plan, builder);
  const perSystem = namesOf(plan, builder);
  return plan.eachSystem === "flake-utils"
    ? flakeUtilsOutputs(plan, sections, constants, perSystem)
    : genAttrsOutputs(plan, sections, constants, perSystem);
}

/** Names of the builder, and of nixpkgs' own builder, which sets cargo up for the steps of checks. */
function namesOf(plan: FlakePlan, builder: BuilderRecipe): readonly NamedCode[] {
  const own = builder.perSystem(plan);
  const more = (plan.stepChecks ?? []).length === 0 ? [] : platformNames(plan);
  return [...own, ...more.filter(({ name }) => own.every((other) => other.name !== name))];
}

function sectionsOf(plan: FlakePlan, builder: BuilderRecipe): readonly Section[] {
  const section = (name: string, bindings: readonly Binding[]): readonly Section[] =>
    bindings.length === 0 ? [] : [{ name, value: set(bindings) }];
  return [
    ...section("packages", packageBindings(plan, builder)),
    ...section("apps", appBindings(plan, builder)),
    ...section("checks", checkBindings(plan, builder)),
    ...section("devShells", shellBindings(plan)),
    ...(plan.formatter === undefined ? [] : [{ name: "formatter", value: `pkgs.${path(...plan.formatter.split("."))}` }]),
  ];
}

function packageBindings(plan: FlakePlan, builder: BuilderRecipe): readonly Binding[] {
  const chosen = plan.defaultPackage;
  const own = (attribute: string): Code => `self.packages.\${system}.${path(attribute)}`;
  const first: readonly Binding[] =
    chosen === undefined
      ? []
      : "one" in chosen
        ? [bind("default", own(chosen.one))]
        : [
            bind(
              "default",
              `pkgs.symlinkJoin ${set([bind("name", string(chosen.all)), bind("paths", list(plan.packages.map((pkg) => own(pkg.attribute))))])}`,
            ),
          ];
  const aliases = Object.entries(plan.aliases).map(([name, target]) => bind(path(name), own(target)));
  return paragraphs(
    [...first, ...aliases],
    ...plan.packages.map((pkg) => [bind(path(pkg.attribute), builder.package(plan, pkg))]),
    ...(builder.further?.(plan).packages ?? []).map(({ name, code }) => [bind(path(name), code)]),
  );
}

/** `nix run` and `nix run .#NAME`. */
function appBindings(plan: FlakePlan, builder: BuilderRecipe): readonly Binding[] {
  const further = (builder.further?.(plan).packages ?? []).map(
    ({ name }): PlannedApp => ({ attribute: name, package: name, program: name }),
  );
  const apps = [...plan.apps, ...further].map((app) => {
    const store = `\${self.packages.\${system}.${path(app.package)}}`;
    return bind(
      path(app.attribute),
      set([
        bind("type", string("app")),
        bind("program", `"${store}/bin/${string(app.program).slice(1)}`),
        ...(app.description === undefined ? [] : [bind("meta.description", string(app.description))]),
      ]),
    );
  });
  const first = plan.defaultApp === undefined ? [] : [bind("default", `self.apps.\${system}.${path(plan.defaultApp)}`)];
  return paragraphs(first, ...apps.map((app) => [app]));
}

/** Names of a text; one that only a string or a comment holds does no harm. */
const mentioned = (names: readonly NamedCode[], code: Code): readonly NamedCode[] =>
  names.filter(({ name }) => new RegExp(`(?<![\\w'.-])${name}(?![\\w'-])`).test(code));

/** The names that a text needs, and those that they need in turn. */
function needed(names: readonly NamedCode[], code: Code): readonly NamedCode[] {
  const found = mentioned(names, code);
  const all = mentioned(names, [code, ...found.map((named) => named.code)].join("\n"));
  return all.length === found.length ? found : needed(names, [code, ...all.map((named) => named.code)].join("\n"));
}

const bound = (names: readonly NamedCode[]): readonly Binding[] => names.map(({ name, code }) => bind(name, code));

/** What the derivations share stands in the one output that needs it, or in a function of the package set where several do. */
function genAttrsOutputs(
  plan: FlakePlan,
  sections: readonly Section[],
  constants: readonly Binding[],
  perSystem: readonly NamedCode[],
): Code {
  const users = sections.filter((section) => mentioned(perSystem, section.value).length > 0);
  const shared = users.length > 1;
  const prelude = (section: Section): readonly Binding[] => {
    const own = mentioned(perSystem, section.value);
    if (own.length === 0) return [];
    return shared ? [`inherit (rust pkgs) ${own.map(({ name }) => name).join(" ")};`] : bound(needed(perSystem, section.value));
  };
  const outputs = sections.map((section) => {
    const value = letIn(prelude(section), section.value);
    const application = value.includes("\n")
      ? `forEachSystem (\n${indent(`system: pkgs:${value.startsWith("let") ? "\n" : " "}${value}`)}\n)`
      : `forEachSystem (system: pkgs: ${value})`;
    return [bind(section.name, application)];
  });
  return letIn(
    paragraphs(
      [bind("systems", list(plan.systems.map(string))), bind("forEachSystem", forEachSystem(plan))],
      constants,
      shared ? [bind("rust", `pkgs: rec ${set(bound(perSystem))}`)] : [],
    ),
    set(paragraphs(...outputs)),
  );
}

function flakeUtilsOutputs(
  plan: FlakePlan,
  sections: readonly Section[],
  constants: readonly Binding[],
  perSystem: readonly NamedCode[],
): Code {
  const used = needed(perSystem, sections.map((section) => section.value).join("\n"));
  const each = letIn(
    [bind("pkgs", packageSet(plan)), ...constants, ...bound(used)],
    set(paragraphs(...sections.map((section) => [bind(section.name, section.value)]))),
  );
  return `flake-utils.lib.eachSystem ${list(plan.systems.map(string))} (\n${indent(`system:\n${each}`)}\n)`;
}
