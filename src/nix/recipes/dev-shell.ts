import { nativeArguments, nativeEnvironment } from "./builder.ts";
import { type Binding, bind, type Code, list, path, set, string } from "./nix-syntax.ts";
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

/** @param name whose variables it has; absent: none */
export function shellExpression(plan: FlakePlan, name?: string): Code {
  const source = shellSource(plan);
  return `pkgs.mkShell ${set([
    ...(source === undefined ? [] : [bind("inputsFrom", list([source]))]),
    bind("packages", list(rustTools(plan, plan.shellPackages))),
    // crate2nix: a crate has its own inputs only.
    ...(plan.builder === "crate2nix" ? nativeArguments({ ...plan, testHome: false }) : nativeEnvironment(plan)),
    ...variables(plan, name),
  ])}`;
}

/** Those of the build come first: a document does not turn them off. */
function variables(plan: FlakePlan, shell: string | undefined): readonly Binding[] {
  const own =
    shell !== undefined && plan.shellVariables && Object.hasOwn(plan.shellVariables, shell) ? plan.shellVariables[shell] : {};
  return Object.entries(own ?? {}).flatMap(([name, value]) =>
    Object.hasOwn(plan.environment, name) ? [] : [bind(path(name), string(value))],
  );
}

/** A shell with the oldest release the manifests promise; the packages' own inputs would bring a second cargo. */
function msrvShell(plan: FlakePlan, release: string): Code {
  return `pkgs.mkShell ${set([bind("packages", list([exactRelease(release)])), ...nativeArguments({ ...plan, testHome: false }), ...variables(plan, "msrv")])}`;
}

/** `default = …`, the other names, which open the same shell, and `msrv`. */
export function shellBindings(plan: FlakePlan): readonly Binding[] {
  const [first, ...others] = plan.shells.filter((name) => plan.msrv === undefined || name !== "msrv");
  if (first === undefined) return [];
  return [
    bind(path(first), shellExpression(plan, first)),
    ...others.flatMap((name) => [
      undefined,
      bind(
        path(name),
        variables(plan, name).length > 0 ? shellExpression(plan, name) : `self.devShells.\${system}.${path(first)}`,
      ),
    ]),
    ...(plan.msrv === undefined ? [] : [undefined, bind("msrv", msrvShell(plan, plan.msrv))]),
  ];
}
