import { nativeArguments, nativeEnvironment } from "./builder.ts";
import { type Binding, bind, type Code, list, path, set } from "./nix-syntax.ts";
import type { FlakePlan } from "./plan.ts";
import { exactRelease, rustTools } from "./toolchain.ts";

/** The shells for people who work on the project: the build's own inputs, and the tools that a build does not need. */

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
    bind("packages", list(rustTools(plan, plan.shellPackages))),
    // crate2nix: a crate has its own inputs only.
    ...(plan.builder === "crate2nix" ? nativeArguments({ ...plan, testHome: false }) : nativeEnvironment(plan)),
  ])}`;
}

/** A shell with the oldest release the manifests promise; the packages' own inputs would bring a second cargo. */
function msrvShell(plan: FlakePlan, release: string): Code {
  return `pkgs.mkShell ${set([bind("packages", list([exactRelease(release)])), ...nativeArguments({ ...plan, testHome: false })])}`;
}

/** `default = …`, the other names, which open the same shell, and `msrv`. */
export function shellBindings(plan: FlakePlan): readonly Binding[] {
  const [first, ...others] = plan.shells.filter((name) => plan.msrv === undefined || name !== "msrv");
  if (first === undefined) return [];
  return [
    bind(path(first), shellExpression(plan)),
    ...others.flatMap((name) => [undefined, bind(path(name), `self.devShells.\${system}.${path(first)}`)]),
    ...(plan.msrv === undefined ? [] : [undefined, bind("msrv", msrvShell(plan, plan.msrv))]),
  ];
}
