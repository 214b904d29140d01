import type { TrackedTree } from "../tracked-tree.ts";
import { surveyC } from "./c/survey.ts";
import { surveyGo } from "./go/survey.ts";
import { surveyNode } from "./node/survey.ts";
import type { LanguageSurvey } from "./project.ts";
import { surveyPython } from "./python/survey.ts";

/** Each looks for a project of its language; undefined: there is none. */
const READERS: readonly ((tree: TrackedTree) => Promise<LanguageSurvey | undefined>)[] = [
  surveyC,
  surveyGo,
  surveyNode,
  surveyPython,
];

/** The project of a repository that holds none of Cargo. Two that are both understood are one question too many. */
export async function readLanguages(tree: TrackedTree): Promise<LanguageSurvey | undefined> {
  const found = (await Promise.all(READERS.map((read) => read(tree)))).filter((survey) => survey !== undefined);
  const projects = found.filter(({ reading }) => reading.kind === "project");
  const [project, ...others] = projects;
  if (project === undefined || others.length === 0) return project ?? found[0];
  const names = projects.map(({ name, file }) => (file === undefined ? name : `${name} (${file})`)).join(" and ");
  return {
    ...project,
    reading: { kind: "unclear", problem: `it holds projects of several languages: ${names}` },
    facts: projects.flatMap(({ facts }) => facts),
  };
}
