import { nativeEnvironment } from "./builder.ts";
import { type Binding, bind, type Code, list, path, set } from "./nix-syntax.ts";
import type { FlakePlan } from "./plan.ts";

/** The shell for people who work on the project: the build's own inputs, and the tools that a build does not need. */

/** `self.packages.${system}.NAME` of the first package, or the first test of a library. */
function shellSource(plan: FlakePlan): Code | undefined {
  const [pkg] = plan.packages;
  if (pkg) return `self.packages.\${system}.${path(pkg.attribute)}`;
  const [test] = plan.tests;
  return test && `self.checks.\${system}.${path(test.attribute)}`;
}

export function shellExpression(plan: FlakePlan): Code {
  const source = shellSource(plan);
  return `pkgs.mkShell ${set([
    ...(source === undefined ? [] : [bind("inputsFrom", list([source]))]),
    bind("packages", list(plan.shellPackages.map((name) => `pkgs.${path(...name.split("."))}`))),
    ...nativeEnvironment(plan),
  ])}`;
}

/** `default = …` and the other names, which open the same shell. */
export function shellBindings(plan: FlakePlan): readonly Binding[] {
  const [first, ...others] = plan.shells;
  if (first === undefined) return [];
  return [
    bind(path(first), shellExpression(plan)),
    ...others.flatMap((name) => [undefined, bind(path(name), `self.devShells.\${system}.${path(first)}`)]),
  ];
}
