import type { BuilderRecipe, CompiledLint } from "./builder.ts";
import { type Binding, bind, type Code, file, indentedString, inherit, list, path, set, string } from "./nix-syntax.ts";
import type { FlakePlan, PlannedLint } from "./plan.ts";
import { stepCheck } from "./step-check.ts";
import { rustTools } from "./toolchain.ts";

/** `checks.SYSTEM`: the packages themselves (their test phase runs), tests of libraries, and lints. */

function format(plan: FlakePlan): Code {
  return `pkgs.runCommand ${string("fmt")} ${set([bind("nativeBuildInputs", list(rustTools(plan, ["cargo", "rustfmt"])))])} ${formatScript(plan)}`;
}

/** The only antiquotation in shell text; it names a path of the flake and no text of the repository. */
function formatScript(plan: FlakePlan): Code {
  const source = file(plan.cargoRoot);
  return indentedString("cd @source@\ncargo fmt --all --check\ntouch $out").replace("@source@", () => `\${${source}}`);
}

const compiles = (lint: PlannedLint): lint is CompiledLint => lint.tool !== "fmt";

export function checkBindings(plan: FlakePlan, builder: BuilderRecipe): readonly Binding[] {
  const { testedPackage } = builder;
  // A check that a document gives a package's name is that one.
  const taken = new Set([...plan.tests, ...plan.lints, ...(plan.stepChecks ?? [])].map((check) => check.attribute));
  const packages = plan.packages.filter((pkg) => !taken.has(pkg.attribute));
  const built =
    packages.length > 0 && testedPackage === undefined
      ? [
          inherit(
            packages.map((pkg) => path(pkg.attribute)),
            `self.packages.\${system}`,
          ),
        ]
      : [];
  const derivations = [
    ...(testedPackage ? packages.map((pkg) => bind(path(pkg.attribute), testedPackage(plan, pkg))) : []),
    ...plan.tests.map((test) => bind(path(test.attribute), builder.test(plan, test))),
    ...plan.lints.map((lint) => bind(path(lint.attribute), compiles(lint) ? builder.lint(plan, lint) : format(plan))),
    ...(plan.stepChecks ?? []).map((check) => bind(path(check.attribute), stepCheck(plan, check))),
    ...(builder.further?.(plan).checks ?? []).map(({ name, code }) => bind(path(name), code)),
  ];
  return [...built, ...derivations.flatMap((code, index) => (index === 0 && built.length === 0 ? [code] : [undefined, code]))];
}
