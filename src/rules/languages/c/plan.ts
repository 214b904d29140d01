import { renderCFlake } from "../../../nix/recipes/languages/c/flake-file.ts";
import type { CFlakePlan } from "../../../nix/recipes/languages/c/plan.ts";
import type { CProject } from "../../../repo/languages/c/project.ts";
import { joined } from "../../draft/subject.ts";
import type { ChosenInputs } from "../../plan/flake-inputs.ts";
import { type CitedLine, NO_VERSION, type PlannedProject } from "../planned.ts";

/** The flake of a C project, decided from its build description. */
export function planC(project: CProject, inputs: ChosenInputs, systems: readonly string[]): PlannedProject {
  const { file, system, version, install, tests, programs } = project;
  const plan = flakeOf(project, inputs, systems);
  const needs = [...plan.nativeBuildInputs, ...plan.buildInputs].map((name) => `\`${name}\``);
  const quoted = (claim: string, line: number | undefined, about: CitedLine["about"]): readonly CitedLine[] => {
    const quote = project.quotes[String(line)];
    return quote === undefined || quote === "" ? [] : [{ claim, source: file, sha256: project.sha256, quote, about }];
  };
  return {
    ok: true,
    language: "C",
    name: plan.name,
    programs: programs.map(({ name }) => name),
    inputs,
    systems,
    flake: renderCFlake(plan),
    testsInBuild: tests !== undefined,
    checks: [],
    formatter: false,
    shell: { argv: ["cc", "--version"], stdout: "\\d+\\.\\d+", holds: "the compiler and what the build needs" },
    tool: system === "make" ? "make" : "CMake",
    build: [
      `\`stdenv.mkDerivation\` of nixpkgs builds the programs as \`${file}\` says, inside the Nix sandbox, without network access${tests ? ", and runs the tests" : ""}.`,
      ...(needs.length > 0 ? [`The build needs ${joined(needs)} from nixpkgs.`] : []),
    ],
    untouched: `Changes to the C sources, to their tests and to \`${file}\``,
    cited: [
      ...programs.flatMap(({ name, line }) => quoted(`${system} builds the program ${name}`, line, ["outputs", "package"])),
      ...quoted("the version of the project is stated", version?.line, ["build"]),
      ...quoted("the project installs its programs", install?.line, ["build"]),
      ...quoted("the project has tests", tests?.line, ["build", "tests"]),
    ],
    file,
    remarks: remarksOf(project),
  };
}

function flakeOf(project: CProject, { inputs }: ChosenInputs, systems: readonly string[]): CFlakePlan {
  const { system, root, name, version, programs, install, tests, libraries, setsCompiler } = project;
  const found = libraries.flatMap(({ attribute }) => attribute ?? []);
  const asksPkgConfig = libraries.some(({ by }) => by === "pkg-config");
  return {
    inputs,
    systems,
    system,
    root,
    name,
    version: version?.value ?? NO_VERSION,
    programs,
    install:
      install === undefined ? { by: "none" } : install.by === "make" ? { by: "make", prefix: install.prefix } : { by: "own" },
    ...(tests && { checkTarget: tests.target }),
    setsCompiler,
    nativeBuildInputs: [...(system === "cmake" ? ["cmake"] : []), ...(asksPkgConfig ? ["pkg-config"] : [])],
    buildInputs: [...new Set(found)].sort(),
  };
}

const remarksOf = ({ file, version, install, libraries }: CProject): readonly string[] => [
  ...(version === undefined ? [`\`${file}\` states no version; the package says ${NO_VERSION}.`] : []),
  ...(install === undefined
    ? [`\`${file}\` installs nothing into a place that the caller names; the flake copies the programs.`]
    : []),
  ...libraries.flatMap(({ name, line, attribute }) =>
    attribute === undefined ? [`No attribute of nixpkgs is known for \`${name}\` (\`${file}\`, line ${line}).`] : [],
  ),
];
