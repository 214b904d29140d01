import { posix } from "node:path";
import type { TrackedTree } from "../../tracked-tree.ts";
import { type LanguageFact, type LanguageSurvey, NO_PROGRAMS, unclear } from "../project.ts";
import { type PythonProject, readPythonProject } from "./project.ts";
import { attributeOf } from "./requirement/packages.ts";

/** What a survey tells of a Python project. */
export async function surveyPython(tree: TrackedTree): Promise<LanguageSurvey | undefined> {
  const project = await readPythonProject(tree);
  if (!project) return undefined;
  if ("problem" in project) return unclear("Python", `${project.file}: ${project.problem}`);
  return {
    name: "Python",
    file: project.file,
    reading: { kind: "project", language: "python", project },
    facts: factsOf(project),
    programs:
      project.metadata.scripts.length === 0
        ? NO_PROGRAMS
        : { names: project.metadata.scripts.map(({ name }) => name), root: project.root },
    warnings: [],
  };
}

function factsOf({ file, root, name, metadata, version, dependencies, tests, python }: PythonProject): readonly LanguageFact[] {
  const at = (line: number | undefined): { readonly source: string } => ({
    source: line === undefined ? file : `${file}:${line}`,
  });
  return [
    { fact: `package ${name}`, ...at(metadata.name.line) },
    {
      fact:
        version === undefined
          ? "version written nowhere"
          : version === "git"
            ? "version from git's tags"
            : `version ${version.value}`,
      ...at(metadata.version?.line),
    },
    { fact: `built by ${metadata.backend}`, ...at(metadata.backendLine) },
    ...metadata.scripts.map((script) => ({ fact: `program ${script.name}`, ...at(script.line) })),
    ...(metadata.scripts.length === 0 ? [{ fact: "no program: a library" }] : []),
    ...(metadata.requiresPython
      ? [{ fact: `Python ${metadata.requiresPython.value}, built with ${python}`, ...at(metadata.requiresPython.line) }]
      : []),
    ...dependencies.map((requirement) => ({
      fact: `requires ${requirement.name}${requirement.specifier}, nixpkgs ${attributeOf(requirement.name).attribute}`,
      ...at(requirement.line),
    })),
    ...(tests
      ? [{ fact: `tests by ${tests.by}`, source: `${posix.join(root, tests.file)}:${tests.line}` }]
      : [{ fact: "no tests" }]),
  ];
}
