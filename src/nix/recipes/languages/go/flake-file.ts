import { FAKE_HASH } from "../../../hash.ts";
import { bind, type Code, file, indentedString, inherit, list, paragraphs, path, set, string } from "../../nix-syntax.ts";
import { ownPackage, renderLanguageFlake } from "../flake.ts";
import type { GoCheck, GoFlakePlan } from "./plan.ts";

/** A whole flake.nix for a module in Go: the package by buildGoModule, its apps, tests, vet and gofmt as checks, a shell, gofmt as the formatter. */
export const renderGoFlake = (plan: GoFlakePlan): string =>
  renderLanguageFlake({
    inputs: plan.inputs,
    systems: plan.systems,
    name: plan.name,
    package: packageOf(plan),
    programs: plan.programs,
    checks: plan.checks.map((name) => ({ name, value: CHECKS[name](plan) })),
    shell: `pkgs.mkShell ${set([
      bind("inputsFrom", list([ownPackage(plan.name)])),
      bind("packages", "pkgs.lib.optional (pkgs ? gopls) pkgs.gopls"),
    ])}`,
    formatter: formatter(),
  });

/** Vendored modules are others' text. */
const FIND = "find . -name vendor -prune -o -name '*.go'";

const formatter = (): Code => {
  const script = ['if [ "$#" -gt 0 ]; then exec @go@/bin/gofmt -w "$@"; fi', `${FIND} -exec @go@/bin/gofmt -w {} +`].join("\n");
  return `pkgs.writeShellScriptBin ${string("gofmt")} ${indentedString(script).replaceAll("@go@", () => `\${pkgs.go}`)}`;
};

const CHECKS: Readonly<Record<GoCheck, (plan: GoFlakePlan) => Code>> = {
  vet: (plan) => {
    const own = ownPackage(plan.name);
    // Sources, modules and settings are the package's own; nothing is built or tested a second time.
    const shared = [
      "src",
      "modRoot",
      "goModules",
      "nativeBuildInputs",
      "buildInputs",
      "configurePhase",
      "CGO_ENABLED",
      "GOFLAGS",
    ];
    return `pkgs.stdenv.mkDerivation ${set([
      bind("name", string("vet")),
      inherit(shared, own),
      bind("buildPhase", string("go vet ./...")),
      bind("installPhase", string("touch $out")),
    ])}`;
  },
  gofmt: (plan) => {
    const script = indentedString(
      [
        "cd @source@",
        `${FIND} -print0 | xargs -0 -r gofmt -l > unformatted`,
        "cat unformatted",
        "[ ! -s unformatted ]",
        "touch $out",
      ]
        .join("\n")
        .replaceAll("unformatted", "$TMPDIR/unformatted"),
    ).replace("@source@", () => `\${${file(plan.source)}}`);
    return `pkgs.runCommand ${string("gofmt")} ${set([bind("nativeBuildInputs", list(["pkgs.go"]))])} ${script}`;
  },
};

function packageOf(plan: GoFlakePlan): Code {
  const [main] = plan.programs;
  const attributes = (names: readonly string[]): Code => list(names.map((name) => path("pkgs", ...name.split("."))));
  const strings = (name: string, values: readonly string[]) => (values.length > 0 ? [bind(name, list(values.map(string)))] : []);
  return `pkgs.buildGoModule ${set(
    paragraphs(
      [
        bind("pname", string(plan.name)),
        bind("version", string(plan.version)),
        bind("src", file(plan.source)),
        ...(plan.modRoot === "." ? [] : [bind("modRoot", string(plan.modRoot))]),
        bind("vendorHash", plan.downloads ? string(FAKE_HASH) : "null"),
      ],
      [
        ...(plan.nativeBuildInputs.length > 0 ? [bind("nativeBuildInputs", attributes(plan.nativeBuildInputs))] : []),
        ...(plan.buildInputs.length > 0 ? [bind("buildInputs", attributes(plan.buildInputs))] : []),
      ],
      [
        ...strings("subPackages", plan.subPackages),
        ...strings("excludedPackages", plan.excludedPackages),
        ...strings("ldflags", plan.ldflags),
        ...(plan.withoutCgo ? [bind("env.CGO_ENABLED", string("0"))] : []),
      ],
      [
        ...(plan.license === undefined ? [] : [bind("meta.license", path("pkgs", "lib", "licenses", plan.license))]),
        ...(main === undefined ? [] : [bind("meta.mainProgram", string(main))]),
      ],
    ),
  )}`;
}
