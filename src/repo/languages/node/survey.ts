import type { TrackedTree } from "../../tracked-tree.ts";
import { type LanguageSurvey, unclear } from "../project.ts";
import { skipsDownload } from "./downloads.ts";
import { type NodeProject, readNodeProject } from "./project.ts";

/** What a survey tells of a project for Node.js. */
export async function surveyNode(tree: TrackedTree): Promise<LanguageSurvey | undefined> {
  const reading = await readNodeProject(tree);
  if (reading === undefined) return undefined;
  if (reading.kind === "unclear") return { ...unclear("JavaScript", reading.problem), file: reading.file };
  const { project } = reading;
  return {
    name: "JavaScript",
    file: project.file,
    reading: { kind: "project", language: "node", project },
    facts: factsOf(project),
    programs: {
      names: project.programs.map(({ name }) => name),
      root: project.root,
      files: Object.fromEntries(project.programs.map(({ name, path }) => [path, name])),
    },
    warnings: [...reading.warnings, ...installWarnings(project)],
  };
}

function factsOf(project: NodeProject): LanguageSurvey["facts"] {
  const { file, packageName, version, programs, programsBy, build, tests, engine, lock } = project;
  const at = (fact: string, line: number) => ({ fact, source: `${file}:${line}` });
  return [
    at(`package ${packageName} ${version.value}`, version.line),
    ...programs.map(({ name, path, line }) =>
      at(`program ${name} (${path}${programsBy.kind === "start" ? ", by the start script" : ""})`, line),
    ),
    ...(programs.length === 0 ? [{ fact: "a library, no program" }] : []),
    build ? at(`built by npm run ${build.script}`, build.line) : { fact: "nothing to build" },
    tests ? at("tests by npm test", tests.line) : { fact: "no tests" },
    ...(engine ? [at(`Node.js ${engine.range}`, engine.line)] : []),
    lock ? { fact: lockFact(lock.content), source: lock.file } : { fact: "no dependencies, no lock" },
    ...(lock?.content.packages.filter(({ from }) => from === "git") ?? []).map(({ name }) => ({
      fact: `${name} comes from git`,
      ...(lock && { source: lock.file }),
    })),
    ...installing(project).map(({ name, dev }) => ({
      fact: `${name}${dev ? " (development)" : ""} runs a script when it is installed`,
      ...(lock && { source: lock.file }),
    })),
  ];
}

function lockFact({ version, packages }: NonNullable<NodeProject["lock"]>["content"]): string {
  const outside = packages.filter(({ from }) => from === "archive" || from === "git");
  const dev = outside.filter((each) => each.dev).length;
  return `lock of version ${version}: ${outside.length} packages${dev > 0 ? `, ${dev} for development` : ""}`;
}

/** Packages with an install script, each once. */
export const installing = ({ lock }: NodeProject): readonly { readonly name: string; readonly dev: boolean }[] => {
  const found = lock?.content.packages.filter(({ installs }) => installs) ?? [];
  return found.filter(({ name }, index) => found.findIndex((other) => other.name === name) === index);
};

const installWarnings = (project: NodeProject): readonly string[] =>
  installing(project).flatMap(({ name }) =>
    skipsDownload(name) === undefined
      ? [`${project.lock?.file}: ${name} runs a script when it is installed; one that downloads fails in a sandbox`]
      : [],
  );
