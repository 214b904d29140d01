import { posix } from "node:path";
import type { TrackedTree } from "../../tracked-tree.ts";
import { type LanguageSurvey, unclear } from "../project.ts";
import { type GoProject, readGoProject } from "./project.ts";
import type { GoLine } from "./sources.ts";

/** What a survey tells of a module in Go. */
export async function surveyGo(tree: TrackedTree): Promise<LanguageSurvey | undefined> {
  const reading = await readGoProject(tree);
  if (reading === undefined) return undefined;
  if (reading.kind === "unclear") return unclear("Go", reading.problem);
  const { project } = reading;
  const { file, root, programs } = project;
  return {
    name: "Go",
    file,
    reading: { kind: "project", language: "go", project },
    facts: factsOf(project),
    programs: {
      names: programs.map(({ name }) => name),
      root,
      folders: Object.fromEntries(programs.map(({ name, folder }) => [posix.join(root, folder), name])),
    },
    warnings: [
      ...project.doubts,
      ...project.libraries.flatMap(({ name, source, line, attribute }) =>
        attribute === undefined ? [`${source}:${line}: no attribute of nixpkgs is known for the library ${name}`] : [],
      ),
    ],
  };
}

const DEPENDENCIES = {
  none: "no dependencies",
  vendored: "dependencies in vendor/",
  downloaded: "dependencies by go.sum",
} as const;

function factsOf(project: GoProject): LanguageSurvey["facts"] {
  const { file, module, named, go, requires, dependencies, programs, excluded, version, tests, cgo, libraries, lines, licence } =
    project;
  const at = (fact: string, { source, line }: Pick<GoLine, "source" | "line">) => ({ fact, source: `${source}:${line}` });
  return [
    at(`module ${module}`, named),
    ...(go ? [at(`needs Go ${go.version}`, go.at)] : []),
    ...programs.map(({ name, source }) => at(`program ${name}`, source)),
    version ? at(`version ${version.value}`, version.at) : { fact: "no version" },
    { fact: DEPENDENCIES[dependencies] },
    ...requires
      .filter(({ indirect }) => !indirect)
      .map(({ path, version: wanted, line }) => at(`requires ${path} ${wanted}`, { source: file, line })),
    tests ? at("tests", tests) : { fact: "no tests" },
    ...(cgo ? [at("calls C", cgo)] : []),
    ...libraries.map(({ name, attribute, source, line }) =>
      at(`library ${name}: ${attribute === undefined ? "unknown to the table" : `nixpkgs ${attribute}`}`, { source, line }),
    ),
    ...lines.sets.map(({ variable, source, line }) => at(`sets ${variable} at link time`, { source, line })),
    ...(lines.withoutCgo ? [at("built without C", lines.withoutCgo)] : []),
    ...excluded.map((folder) => ({ fact: `${folder} is left out` })),
    ...(licence ? [{ fact: `licence ${licence.spdx}`, source: licence.path }] : []),
  ];
}
