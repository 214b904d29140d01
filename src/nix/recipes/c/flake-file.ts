import {
  type Binding,
  bind,
  type Code,
  file,
  indent,
  indentedString,
  list,
  paragraphs,
  path,
  set,
  string,
} from "../nix-syntax.ts";
import type { CFlakePlan } from "./plan.ts";

/** A whole flake.nix for a C project: the package, its app, the package as the check, a shell with what the build needs. */
export function renderCFlake(plan: CFlakePlan): string {
  const [main] = plan.programs;
  const own = `self.packages.\${system}.${path(plan.name)}`;
  const perSystem = (body: (pkgs: boolean) => Code, pkgs: boolean): Code =>
    `forEachSystem (\n${indent(`system:\n${pkgs ? `let\n  pkgs = nixpkgs.legacyPackages.\${system};\nin\n` : ""}${body(pkgs)}`)}\n)`;
  const used = ["self", ...plan.inputs.filter((input) => input.used).map((input) => path(input.name))];
  const names = plan.inputs.some((input) => !input.used) ? [...used, "..."] : used;
  const outputs = set(
    paragraphs(
      [
        bind(
          "packages",
          perSystem(() => set(paragraphs([bind("default", own)], [bind(path(plan.name), packageOf(plan))])), true),
        ),
      ],
      [
        bind(
          "apps",
          perSystem(
            () =>
              set(
                paragraphs([
                  bind(
                    "default",
                    set([
                      bind("type", string("app")),
                      bind("program", `"\${${own}}/bin/${string(main?.name ?? plan.name).slice(1)}`),
                    ]),
                  ),
                ]),
              ),
            false,
          ),
        ),
      ],
      [
        bind(
          "checks",
          perSystem(() => set([bind(path(plan.name), own)]), false),
        ),
      ],
      [
        bind(
          "devShells",
          perSystem(() => set([bind("default", `pkgs.mkShell ${set([bind("inputsFrom", list([own]))])}`)]), true),
        ),
      ],
    ),
  );
  const each = bind("forEachSystem", `nixpkgs.lib.genAttrs ${list(plan.systems.map(string))}`);
  return `${set(
    paragraphs(
      [bind("inputs", set(plan.inputs.map((input) => bind(path(input.name, "url"), string(input.url)))))],
      [`outputs =\n${indent(`{ ${names.join(", ")} }:\nlet\n${indent(each)}\nin\n${outputs}`)};`],
    ),
  )}\n`;
}

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
