import { type Binding, bind, type Code, file, indentedString, list, paragraphs, path, set, string } from "../../nix-syntax.ts";
import { ownPackage, renderLanguageFlake } from "../flake.ts";
import type { PythonFlakePlan } from "./plan.ts";

/** A whole flake.nix for a Python project: the package with its tests, its apps, the package as the check, a shell with what it needs. */
export const renderPythonFlake = (plan: PythonFlakePlan): string =>
  renderLanguageFlake({
    inputs: plan.inputs,
    systems: plan.systems,
    name: plan.name,
    package: packageOf(plan),
    programs: plan.programs,
    checks: [],
    shell: `pkgs.mkShell ${set([bind("inputsFrom", list([ownPackage(plan.name)]))])}`,
  });

function packageOf(plan: PythonFlakePlan): Code {
  const [main] = plan.programs;
  const builder = main === undefined ? "buildPythonPackage" : "buildPythonApplication";
  const own = (attribute: string): Code => path("pkgs", plan.packages, attribute);
  const extras = plan.dependencies.flatMap(({ attribute, extras: names }) =>
    names.map((name) => `${own(attribute)}.optional-dependencies.${path(name)}`),
  );
  const dependencies = list(plan.dependencies.map(({ attribute }) => own(attribute)));
  const strings = (name: string, values: readonly string[]): readonly Binding[] =>
    values.length === 0 ? [] : [bind(name, list(values.map(string)))];
  const meta = [
    ...(plan.description === undefined ? [] : [bind("description", string(plan.description))]),
    ...(plan.licenses.length === 0 ? [] : [bind("license", licenses(plan.licenses))]),
    ...(main === undefined ? [] : [bind("mainProgram", string(main))]),
  ];
  return `pkgs.${plan.packages}.${builder} ${set(
    paragraphs(
      [
        bind("pname", string(plan.name)),
        bind("version", string(plan.version)),
        bind("pyproject", "true"),
        bind("src", file(plan.root)),
      ],
      plan.versionFromGit ? [bind("env.SETUPTOOLS_SCM_PRETEND_VERSION", string(plan.version))] : [],
      [
        bind("build-system", list(plan.buildSystem.map(own))),
        ...(plan.dependencies.length === 0 ? [] : [bind("dependencies", [dependencies, ...extras].join(" ++ "))]),
        ...strings("pythonRemoveDeps", plan.removedRequirements),
      ],
      tests(plan, own),
      strings("pythonImportsCheck", plan.modules),
      meta.length === 0 ? [] : [bind("meta", set(meta))],
    ),
  )}`;
}

function tests({ tests: run }: PythonFlakePlan, own: (attribute: string) => Code): readonly Binding[] {
  if (!run) return [];
  const hook = own(run.by === "pytest" ? "pytestCheckHook" : "unittestCheckHook");
  const home = run.wantHome ? [path("pkgs", "writableTmpDirAsHomeHook")] : [];
  return [
    bind("nativeCheckInputs", list([hook, ...run.inputs.map(own), ...home])),
    ...(run.flags.length === 0 ? [] : [bind("unittestFlags", list(run.flags.map(string)))]),
    ...(run.startPrograms ? [bind("preCheck", indentedString('export PATH="$out/bin:$PATH"'))] : []),
  ];
}

function licenses(names: readonly string[]): Code {
  const all = names.map((name) => `nixpkgs.lib.licenses.${path(name)}`);
  return all.length === 1 ? (all[0] ?? "") : list(all);
}
