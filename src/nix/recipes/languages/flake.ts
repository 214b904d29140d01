import { bind, type Code, indent, list, paragraphs, path, set, string } from "../nix-syntax.ts";
import type { PlannedInput } from "../plan.ts";

/** The flake around the package of a project in any language but Rust. */

export interface LanguageFlake {
  /** nixpkgs first. */
  readonly inputs: readonly PlannedInput[];
  readonly systems: readonly string[];
  /** Name under `packages.SYSTEM`, besides `default`. */
  readonly name: string;
  /** The derivation; `pkgs` is in scope, as in all that follows. */
  readonly package: Code;
  /** The first is what `nix run` starts, and is called `default` too; empty: a library. */
  readonly programs: readonly string[];
  /** Checks besides the package itself; `self` and `system` are in scope too. */
  readonly checks: readonly { readonly name: string; readonly value: Code }[];
  readonly shell: Code;
  readonly formatter?: Code;
}

/** The package of this system, from within an output. */
export const ownPackage = (name: string): Code => `self.packages.\${system}.${path(name)}`;

/** A whole flake.nix: the package, its apps, checks, a shell, and a formatter where there is one. */
export function renderLanguageFlake(flake: LanguageFlake): string {
  const own = ownPackage(flake.name);
  const [main] = flake.programs;
  const app = (program: string): Code =>
    set([bind("type", string("app")), bind("program", `"\${${own}}/bin/${string(program).slice(1)}`)]);
  const others = flake.programs.length > 1 ? flake.programs.map((program) => bind(path(program), app(program))) : [];
  const outputs = set(
    paragraphs(
      [bind("packages", perSystem(set(paragraphs([bind("default", own)], [bind(path(flake.name), flake.package)])), true))],
      main === undefined ? [] : [bind("apps", perSystem(set([bind("default", app(main)), ...others]), false))],
      [
        bind(
          "checks",
          perSystem(
            set(paragraphs([bind(path(flake.name), own)], ...flake.checks.map(({ name, value }) => [bind(path(name), value)]))),
            flake.checks.length > 0,
          ),
        ),
      ],
      [bind("devShells", perSystem(set([bind("default", flake.shell)]), true))],
      flake.formatter === undefined ? [] : [bind("formatter", perSystem(flake.formatter, true))],
    ),
  );
  const used = ["self", ...flake.inputs.filter((input) => input.used).map((input) => path(input.name))];
  const names = flake.inputs.some((input) => !input.used) ? [...used, "..."] : used;
  const each = bind("forEachSystem", `nixpkgs.lib.genAttrs ${list(flake.systems.map(string))}`);
  return `${set(
    paragraphs(
      [bind("inputs", set(flake.inputs.map((input) => bind(path(input.name, "url"), string(input.url)))))],
      [`outputs =\n${indent(`{ ${names.join(", ")} }:\nlet\n${indent(each)}\nin\n${outputs}`)};`],
    ),
  )}\n`;
}

const perSystem = (body: Code, pkgs: boolean): Code =>
  `forEachSystem (\n${indent(`system:\n${pkgs ? "let\n  pkgs = nixpkgs.legacyPackages.${system};\nin\n" : ""}${body}`)}\n)`;
