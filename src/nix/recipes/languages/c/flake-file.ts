import { type Binding, bind, type Code, file, indentedString, list, paragraphs, path, set, string } from "../../nix-syntax.ts";
import { ownPackage, renderLanguageFlake } from "../flake.ts";
import type { CFlakePlan } from "./plan.ts";

/** A whole flake.nix for a C project: the package, its apps, the package as the check, a shell with what the build needs. */
export const renderCFlake = (plan: CFlakePlan): string =>
  renderLanguageFlake({
    inputs: plan.inputs,
    systems: plan.systems,
    name: plan.name,
    package: packageOf(plan),
    programs: plan.programs.map(({ name }) => name),
    checks: [],
    shell: `pkgs.mkShell ${set([bind("inputsFrom", list([ownPackage(plan.name)]))])}`,
  });

function packageOf(plan: CFlakePlan): Code {
  const [main] = plan.programs;
  const attributes = (names: readonly string[]): Code => list(names.map((name) => path("pkgs", ...name.split("."))));
  const flags = [
    ...(plan.setsCompiler ? [`"CC=\${pkgs.stdenv.cc.targetPrefix}cc"`] : []),
    ...(plan.install.by === "make" ? [`"${plan.install.prefix}=\${placeholder "out"}"`] : []),
  ];
  const copied: readonly Binding[] =
    plan.install.by === "none"
      ? [
          bind(
            "installPhase",
            indentedString(
              [
                "runHook preInstall",
                ...plan.programs.map((program) => `install -D -m 755 ${program.path} "$out/bin/${program.name}"`),
                "runHook postInstall",
              ].join("\n"),
            ),
          ),
        ]
      : [];
  return `pkgs.stdenv.mkDerivation ${set(
    paragraphs(
      [bind("pname", string(plan.name)), bind("version", string(plan.version)), bind("src", file(plan.root))],
      [
        ...(plan.nativeBuildInputs.length > 0 ? [bind("nativeBuildInputs", attributes(plan.nativeBuildInputs))] : []),
        ...(plan.buildInputs.length > 0 ? [bind("buildInputs", attributes(plan.buildInputs))] : []),
      ],
      flags.length > 0 ? [bind("makeFlags", list(flags))] : [],
      plan.checkTarget === undefined ? [] : [bind("doCheck", "true"), bind("checkTarget", string(plan.checkTarget))],
      copied,
      main ? [bind("meta.mainProgram", string(main.name))] : [],
    ),
  )}`;
}
