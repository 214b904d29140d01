import { renderPythonFlake } from "../../../nix/recipes/languages/python/flake-file.ts";
import type { PythonFlakePlan } from "../../../nix/recipes/languages/python/plan.ts";
import { PYTHONS, type PythonProject } from "../../../repo/languages/python/project.ts";
import { attributeOf } from "../../../repo/languages/python/requirement/packages.ts";
import { joined } from "../../draft/subject.ts";
import type { ChosenInputs } from "../../plan/flake-inputs.ts";
import { licensesOf } from "../../plan/licenses.ts";
import { type CitedLine, NO_VERSION, type PlannedProject } from "../planned.ts";

/** The flake of a Python project, decided from its description. */
export function planPython(project: PythonProject, inputs: ChosenInputs, systems: readonly string[]): PlannedProject {
  const { file, metadata, dependencies, tests } = project;
  const plan = flakeOf(project, inputs, systems);
  const quoted = (claim: string, line: number | undefined, about: CitedLine["about"]): readonly CitedLine[] => {
    const quote = project.quotes[String(line)];
    return quote === undefined || quote === "" ? [] : [{ claim, source: file, sha256: project.sha256, quote, about }];
  };
  const needs = plan.dependencies.map(({ attribute }) => `\`${attribute}\``);
  const builder = plan.programs.length === 0 ? "buildPythonPackage" : "buildPythonApplication";
  return {
    ok: true,
    language: "Python",
    name: plan.name,
    programs: plan.programs,
    inputs,
    systems,
    flake: renderPythonFlake(plan),
    testsInBuild: tests !== undefined,
    checks: [],
    formatter: false,
    shell: { argv: ["python3", "--version"], stdout: "Python 3\\.", holds: "Python and what the project needs" },
    tool: `its build backend (${joined(plan.buildSystem)})`,
    build: [
      `\`${plan.packages}.${builder}\` of nixpkgs builds a wheel with the backend that \`${file}\` names, inside the Nix sandbox, without network access, and compares the wheel's requirements with what is there${tests ? `; then ${tests.by} runs the project's tests against the installed package` : ""}.`,
      ...(needs.length > 0 ? [`At run time it needs ${joined(needs)} from nixpkgs.`] : []),
    ],
    untouched: `Changes to the Python sources, to their tests and to \`${file}\``,
    cited: [
      ...metadata.scripts.flatMap(({ name, line }) =>
        quoted(`the project installs the program ${name}`, line, ["outputs", "package"]),
      ),
      ...(metadata.scripts.length === 0 ? quoted("the project is named", metadata.name.line, ["outputs", "package"]) : []),
      ...quoted("the version of the project is stated", metadata.version?.line, ["build"]),
      ...quoted("the backend is named", metadata.backendLine, ["build"]),
      ...dependencies.flatMap(({ name, line }) => quoted(`the project requires ${name}`, line, ["build"])),
    ],
    file,
    remarks: remarksOf(project),
  };
}

function flakeOf(project: PythonProject, { inputs }: ChosenInputs, systems: readonly string[]): PythonFlakePlan {
  const { root, name, version, metadata, dependencies, modules, tests, python } = project;
  const description = metadata.description?.replace(/\s+/g, " ").trim().replace(/\.$/, "").slice(0, 200);
  return {
    inputs,
    systems,
    root,
    name,
    version: version === undefined ? NO_VERSION : version === "git" ? GIT_VERSION : version.value,
    packages: python === PYTHONS[0] ? "python3Packages" : `python${python.replace(".", "")}Packages`,
    // The hook of the build brings wheel itself.
    buildSystem: distinct(
      metadata.buildRequires
        .map((requirement) => attributeOf(requirement.name).attribute)
        .filter((attribute) => attribute !== "wheel"),
    ),
    dependencies: dependencies
      .map((requirement) => ({ attribute: attributeOf(requirement.name).attribute, extras: requirement.extras }))
      .filter(({ attribute }, index, all) => all.findIndex((other) => other.attribute === attribute) === index),
    removedRequirements: distinct(
      dependencies.flatMap((requirement) => (attributeOf(requirement.name).renamed ? [requirement.name] : [])),
    ),
    ...(tests && {
      tests: {
        by: tests.by,
        inputs: distinct(tests.requirements.map((requirement) => attributeOf(requirement.name).attribute)),
        flags: [
          ...(tests.start === undefined ? [] : ["-s", tests.start]),
          ...(tests.pattern === undefined ? [] : ["-p", tests.pattern]),
        ],
        startPrograms: tests.startPrograms,
        wantHome: tests.wantHome,
      },
    }),
    modules,
    versionFromGit: version === "git",
    programs: metadata.scripts.map((script) => script.name),
    ...(description !== undefined && description !== "" && { description }),
    licenses: licensesOf(metadata.license) ?? [],
  };
}

/** A version of PEP 440, since backends refuse others. */
const GIT_VERSION = "0";

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

function remarksOf({ file, metadata, version, dependencies, tests, python }: PythonProject): readonly string[] {
  return [
    ...(version === undefined ? [`\`${file}\` states no version; the package says ${NO_VERSION}.`] : []),
    ...(version === "git"
      ? [`The version comes from git's tags, which a build in the sandbox does not see; the package says ${GIT_VERSION}.`]
      : []),
    ...(python === PYTHONS[0]
      ? []
      : [
          `\`${file}\` takes Python ${metadata.requiresPython?.value} (line ${metadata.requiresPython?.line}), so Python ${python} builds it.`,
        ]),
    ...dependencies.flatMap(({ name, url, line }) => [
      ...(url === undefined ? [] : [`\`${name}\` is wanted from an address (\`${file}\`, line ${line}); nixpkgs' own is taken.`]),
      ...(attributeOf(name).renamed
        ? [
            `nixpkgs has \`${name}\` as \`${attributeOf(name).attribute}\`, so the wheel's requirement of that name is dropped (\`${file}\`, line ${line}).`,
          ]
        : []),
    ]),
    ...(tests ? [] : ["The project has no tests that pytest or unittest would find."]),
  ];
}
