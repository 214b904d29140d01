import type { CargoProject, Survey } from "../facts.ts";
import type { LanguagePrograms } from "../languages/project.ts";
import type { TrackedTree } from "../tracked-tree.ts";
import { type ShownRunContext, shownRuns } from "./shown-runs.ts";

/** Runs of the project's programs, from all documents of a tree that may show them. */

/** Documents looked through: the README first, then those of `docs`. */
const MAX_DOCUMENTS = 40;

type Runs = NonNullable<Survey["shownRuns"]>;

export function runsOfCargo({ packages, root }: CargoProject, tree: TrackedTree): Promise<Runs> {
  const binaries = packages.flatMap((pkg) => pkg.binaries.filter(({ requiredFeatures }) => requiredFeatures.length === 0));
  const chosen = packages.flatMap(({ defaultRun }) => defaultRun ?? []);
  const [defaultProgram, ...others] = chosen.length > 0 ? chosen : binaries.map(({ name }) => name);
  const programs = binaries.map(({ name }) => name);
  return runsOf(programs, others.length === 0 ? defaultProgram : undefined, root, tree);
}

export const runsOfLanguage = ({ names, root, files, folders }: LanguagePrograms, tree: TrackedTree): Promise<Runs> =>
  runsOf(names, names.length === 1 ? names[0] : undefined, root, tree, {
    ...(files && root === "." && { files: new Map(Object.entries(files)) }),
    ...(folders && { folders: new Map(Object.entries(folders)) }),
  });

/** Commands in documents are typed in the repository's root, so files of a project below it are not found from there. */
async function runsOf(
  programs: readonly string[],
  defaultProgram: string | undefined,
  root: string,
  tree: TrackedTree,
  further: Pick<ShownRunContext, "files" | "folders"> = {},
): Promise<Runs> {
  if (programs.length === 0) return [];
  const context = {
    programs: new Set(programs),
    ...(defaultProgram !== undefined && { defaultProgram }),
    ...further,
    isTracked: (path: string): boolean => root === "." && (tree.has(path) || tree.hasFolder(path)),
  };
  const paths = tree.entries
    .filter(({ path, kind }) => kind === "file" && /^(?:readme|docs\/.+)\.(?:md|markdown)$/i.test(path))
    .map(({ path }) => path)
    .sort((a, b) => Number(a.includes("/")) - Number(b.includes("/")))
    .slice(0, MAX_DOCUMENTS);
  await tree.load(paths);
  const runs = await Promise.all(
    paths.map(async (source) => {
      const text = await tree.text(source);
      return text?.valid ? shownRuns({ source, text: text.text }, context).map((run) => ({ ...run, sha256: text.sha256 })) : [];
    }),
  );
  return runs.flat();
}
