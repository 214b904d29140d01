import { buildRustPackage } from "./build-rust-package.ts";
import { type BuilderRecipe, type CommonArguments, usesLib, versionPrelude } from "./builder.ts";
import { checkBindings } from "./checks.ts";
import { shellBindings } from "./dev-shell.ts";
import { naersk } from "./naersk.ts";
import { type Binding, bind, type Code, indent, letIn, list, paragraphs, path, set, string } from "./nix-syntax.ts";
import type { FlakePlan, SupportedBuilder } from "./plan.ts";

/** A whole flake.nix from a plan. */

const RECIPES: Readonly<Record<SupportedBuilder, BuilderRecipe>> = { naersk, buildRustPackage };

/** One output of the flake that exists for each system: its `let` and its value. */
interface Section {
  readonly name: string;
  readonly prelude: readonly Binding[];
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
  const builder = RECIPES[plan.builder];
  const derivations = plan.packages.length + plan.tests.length + plan.lints.filter((lint) => lint.tool === "clippy").length;
  const shared = derivations > 1 && builder.common(plan).length > 1;
  const utils = plan.eachSystem === "flake-utils";
  const common: CommonArguments = shared ? { kind: "shared", name: utils ? "common" : "common pkgs" } : { kind: "inline" };
  const commonBinding = shared ? [bind("common", utils ? set(builder.common(plan)) : `pkgs: ${set(builder.common(plan))}`)] : [];
  const constants = [...(usesLib(plan) ? [bind("lib", "nixpkgs.lib")] : []), ...versionPrelude(plan)];
  const sections = sectionsOf(plan, builder, common);
  return utils
    ? flakeUtilsOutputs(plan, sections, [...constants, ...commonBinding])
    : genAttrsOutputs(plan, sections, constants, commonBinding);
}

function sectionsOf(plan: FlakePlan, builder: BuilderRecipe, common: CommonArguments): readonly Section[] {
  const prelude = builder.prelude(plan);
  const section = (name: string, bindings: readonly Binding[], before: readonly Binding[] = []): readonly Section[] =>
    bindings.length === 0 ? [] : [{ name, prelude: before, value: set(bindings) }];
  const buildsChecks = plan.tests.length > 0 || plan.lints.some((lint) => lint.tool === "clippy");
  return [
    ...section("packages", packageBindings(plan, builder, common), prelude),
    ...section("apps", appBindings(plan)),
    ...section("checks", checkBindings(plan, builder, common), buildsChecks ? prelude : []),
    ...section("devShells", shellBindings(plan)),
    ...(plan.formatter === undefined
      ? []
      : [{ name: "formatter", prelude: [], value: `pkgs.${path(...plan.formatter.split("."))}` }]),
  ];
}

function packageBindings(plan: FlakePlan, builder: BuilderRecipe, common: CommonArguments): readonly Binding[] {
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
    ...plan.packages.map((pkg) => [bind(path(pkg.attribute), builder.package(plan, pkg, common))]),
  );
}

/** `nix run .#NAME` for programs that are not the main one of their package. */
function appBindings(plan: FlakePlan): readonly Binding[] {
  const taken = new Set(plan.packages.map((pkg) => pkg.attribute));
  const apps = plan.packages.flatMap((pkg) =>
    pkg.programs
      .filter((program) => program !== pkg.mainProgram && !taken.has(program))
      .map((program) => {
        const store = `\${self.packages.\${system}.${path(pkg.attribute)}}`;
        return bind(
          path(program),
          set([bind("type", string("app")), bind("program", `"${store}/bin/${string(program).slice(1)}`)]),
        );
      }),
  );
  return apps.flatMap((app, index) => (index === 0 ? [app] : [undefined, app]));
}

function genAttrsOutputs(
  plan: FlakePlan,
  sections: readonly Section[],
  constants: readonly Binding[],
  common: readonly Binding[],
): Code {
  const each = bind(
    "forEachSystem",
    `make: nixpkgs.lib.genAttrs systems (system: make system nixpkgs.legacyPackages.\${system})`,
  );
  const outputs = sections.map((section) => {
    const value = letIn(section.prelude, section.value);
    const application = value.includes("\n")
      ? `forEachSystem (\n${indent(`system: pkgs:${value.startsWith("let") ? "\n" : " "}${value}`)}\n)`
      : `forEachSystem (system: pkgs: ${value})`;
    return [bind(section.name, application)];
  });
  return letIn(
    paragraphs([bind("systems", list(plan.systems.map(string))), each], constants, common),
    set(paragraphs(...outputs)),
  );
}

function flakeUtilsOutputs(plan: FlakePlan, sections: readonly Section[], constants: readonly Binding[]): Code {
  const prelude = [...new Set(sections.flatMap((section) => section.prelude))];
  const perSystem = letIn(
    [bind("pkgs", `nixpkgs.legacyPackages.\${system}`), ...prelude, ...constants],
    set(paragraphs(...sections.map((section) => [bind(section.name, section.value)]))),
  );
  return `flake-utils.lib.eachSystem ${list(plan.systems.map(string))} (\n${indent(`system:\n${perSystem}`)}\n)`;
}
