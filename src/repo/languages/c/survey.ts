import type { TrackedTree } from "../../tracked-tree.ts";
import { type LanguageSurvey, unclear } from "../project.ts";
import { type CProject, readCProject } from "./project.ts";

/** What a survey tells of a project in C. */
export async function surveyC(tree: TrackedTree): Promise<LanguageSurvey | undefined> {
  const reading = await readCProject(tree);
  if (reading === undefined) return undefined;
  if (reading.kind === "unclear") return unclear("C", reading.problem);
  const { project } = reading;
  const { file, root, programs, libraries } = project;
  return {
    name: "C",
    file,
    reading: { kind: "project", language: "c", project },
    facts: factsOf(project),
    programs: { names: programs.map(({ name }) => name), root },
    warnings: libraries.flatMap(({ name, line, attribute }) =>
      attribute === undefined ? [`${file}:${line}: no attribute of nixpkgs is known for the library ${name}`] : [],
    ),
  };
}

function factsOf({ file, system, programs, version, install, tests, libraries }: CProject): LanguageSurvey["facts"] {
  const at = (fact: string, line: number) => ({ fact, source: `${file}:${line}` });
  return [
    { fact: `built by ${system === "make" ? "make" : "CMake"}`, source: file },
    ...programs.map(({ name, line }) => at(`program ${name}`, line)),
    version ? at(`version ${version.value}`, version.line) : { fact: "no version" },
    install === undefined
      ? { fact: "no installation into a place that the caller names" }
      : at(install.by === "make" ? `make install takes ${install.prefix}` : "installation by CMake", install.line),
    tests ? at(`tests by ${tests.target}`, tests.line) : { fact: "no tests" },
    ...libraries.map(({ name, line, attribute }) =>
      at(`library ${name}: ${attribute === undefined ? "unknown to the table" : `nixpkgs ${attribute}`}`, line),
    ),
  ];
}
