import type { BuilderRecipe, CommonArguments } from "./builder.ts";
import { type Binding, bind, type Code, file, indentedString, inherit, list, path, set, string } from "./nix-syntax.ts";
import type { FlakePlan } from "./plan.ts";

/** `checks.SYSTEM`: the packages themselves (their test phase runs), tests of libraries, and lints that were asked for. */

function format(plan: FlakePlan): Code {
  return `pkgs.runCommand ${string("fmt")} ${set([bind("nativeBuildInputs", list(["pkgs.cargo", "pkgs.rustfmt"]))])} ${formatScript(plan)}`;
}

/** The only antiquotation in shell text; it names a path of the flake and no text of the repository. */
function formatScript(plan: FlakePlan): Code {
  const source = file(plan.cargoRoot);
  return indentedString("cd @source@\ncargo fmt --all --check\ntouch $out").replace("@source@", () => `\${${source}}`);
}

export function checkBindings(plan: FlakePlan, builder: BuilderRecipe, common: CommonArguments): readonly Binding[] {
  const [first] = [...plan.packages, ...plan.tests];
  const built =
    plan.packages.length > 0
      ? [
          inherit(
            plan.packages.map((pkg) => path(pkg.attribute)),
            `self.packages.\${system}`,
          ),
        ]
      : [];
  const lints = plan.lints.map(({ attribute, tool }) =>
    bind(
      path(attribute),
      tool === "fmt" ? format(plan) : builder.clippy(plan, first?.crate ?? "project", first?.version ?? NO_VERSION, common),
    ),
  );
  const derivations = [...plan.tests.map((test) => bind(path(test.attribute), builder.test(plan, test, common))), ...lints];
  return [...built, ...derivations.flatMap((code, index) => (index === 0 && built.length === 0 ? [code] : [undefined, code]))];
}

const NO_VERSION = { manifest: "Cargo.toml", table: "package", value: "0.0.0" } as const;
