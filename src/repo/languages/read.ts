import { posix } from "node:path";
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

/** Folders whose projects are there to be shown or read by tests. */
const SAMPLES = new Set(
  "doc docs documentation demo demos example examples fixture fixtures sample samples test testdata tests".split(" "),
);
/** A crate of the repository's own may lie in `crates/NAME`; what lies deeper is held for something else. */
const OWN_DEPTH = 2;

function isOwnManifest(path: string): boolean {
  const folders = path.split("/").slice(0, -1);
  return folders.length <= OWN_DEPTH && !folders.some((folder) => SAMPLES.has(folder.toLowerCase()));
}

/**
 * The project at the root of a repository that holds Cargo projects as samples only: in documentation, among tests, deep below. undefined: Cargo's
 * project comes first, or there is none.
 */
export async function languageBesideSamples(tree: TrackedTree): Promise<LanguageSurvey | undefined> {
  const manifests = tree.entries.filter(({ path, kind }) => kind === "file" && posix.basename(path) === "Cargo.toml");
  if (manifests.length === 0 || manifests.some(({ path }) => isOwnManifest(path))) return undefined;
  const found = await readLanguages(tree);
  return found?.file !== undefined && !found.file.includes("/") ? found : undefined;
}
