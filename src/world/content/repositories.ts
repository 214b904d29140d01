import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorldProblem } from "../problem.ts";
import { byBytes, isMadeUp, type Leaf, leavesBelow, madeUpRevision } from "./listing.ts";
import { REFS_FILE, REVISION, type RefsFile, refsSchema } from "./manifest.ts";
import { lineOfKey, parseToml } from "./toml.ts";

export interface Tree {
  /** A folder that is packed on demand, or an archive that is served as it is. */
  readonly source: { readonly directory: string; readonly leaves: readonly Leaf[] } | { readonly archive: string };
  /** Seconds since 1970. */
  readonly lastModified: number;
}

export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** Name of the default ref. */
  readonly default: string;
  readonly complete: boolean;
  /** Made by a recording, which may go on; `default` is empty where HEAD was never asked for. */
  readonly recorded: boolean;
  /** Ref name to revision. */
  readonly refs: ReadonlyMap<string, string>;
  /** Revision to tree. */
  readonly trees: ReadonlyMap<string, Tree>;
  readonly isFork: boolean;
}

interface Draft {
  readonly owner: string;
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly refs: RefsFile;
  readonly trees: ReadonlyMap<string, Tree>;
}

/** Reads `github/`; `leaves` are relative to it. */
export async function repositories(
  directory: string,
  leaves: readonly Leaf[],
): Promise<{ readonly found: ReadonlyMap<string, Repository>; readonly problems: readonly WorldProblem[] }> {
  const problems: WorldProblem[] = [];
  const drafts = new Map<string, Draft>();
  for (const folder of repositoryFolders(directory, leaves, problems)) {
    const draft = await readDraft(directory, folder, leavesBelow(leaves, folder), problems);
    if (!draft) continue;
    const key = folder.toLowerCase();
    if (drafts.has(key)) {
      problems.push({
        file: join(directory, folder),
        message: "two repositories differ in upper and lower case only",
        next: "keep one",
      });
    }
    drafts.set(key, draft);
  }
  const found = new Map<string, Repository>();
  for (const [key, draft] of drafts) {
    const repository = finishRepository(draft, drafts, problems);
    if (repository) found.set(key, repository);
  }
  return { found, problems };
}

function repositoryFolders(directory: string, leaves: readonly Leaf[], problems: WorldProblem[]): string[] {
  const folders = new Set<string>();
  for (const leaf of leaves) {
    const parts = leaf.path.split("/");
    if (parts.length > 2) folders.add(parts.slice(0, 2).join("/"));
    else problems.push({ file: join(directory, leaf.path), message: "lies outside of github/OWNER/REPO/", next: "move it" });
  }
  return [...folders];
}

async function readDraft(
  directory: string,
  folder: string,
  leaves: readonly Leaf[],
  problems: WorldProblem[],
): Promise<Draft | undefined> {
  const file = join(directory, folder, REFS_FILE);
  const [owner = "", name = ""] = folder.split("/");
  if (!leaves.some((leaf) => leaf.path === REFS_FILE)) {
    problems.push({ file, message: "is missing", next: `write it: default = "main" and [refs] with a revision for each ref` });
    return undefined;
  }
  const text = await readFile(file, "utf8");
  const refs = parseToml(file, text, refsSchema);
  if (!refs.ok) {
    problems.push(...refs.problems);
    return undefined;
  }
  const lastModified = (revision: string): number => refs.value.rev?.[revision]?.["last-modified"] ?? 1;
  const trees = new Map<string, Tree>();
  for (const entry of new Set(leaves.map((leaf) => leaf.path.split("/")[0] ?? ""))) {
    if (entry === REFS_FILE) continue;
    const path = join(directory, folder, entry);
    const archive = entry.endsWith(".tar.gz") && leaves.some((leaf) => leaf.path === entry);
    const revision = archive ? entry.slice(0, -".tar.gz".length) : entry;
    const tree = leavesBelow(leaves, entry);
    const problem = archive ? archiveProblem(path, revision) : treeProblem(path, revision, tree);
    if (problem) problems.push(problem);
    if (trees.has(revision))
      problems.push({ file: path, message: "this revision is there twice", next: "keep the folder or the archive" });
    trees.set(revision, {
      source: archive ? { archive: path } : { directory: path, leaves: tree },
      lastModified: lastModified(revision),
    });
  }
  return { owner, name, file, text, refs: refs.value, trees };
}

const SEAL = "run `evals world seal` on this world";

function archiveProblem(file: string, revision: string): WorldProblem | undefined {
  return REVISION.test(revision) ? undefined : { file, message: "is not named by a revision (40 hex digits)", next: "rename it" };
}

function treeProblem(file: string, revision: string, leaves: readonly Leaf[]): WorldProblem | undefined {
  if (leaves.length === 0) return { file, message: "is not a folder of a revision", next: "move it" };
  if (!REVISION.test(revision)) return { file, message: "is not named by a revision (40 hex digits)", next: SEAL };
  if (!isMadeUp(revision)) return undefined;
  const actual = madeUpRevision(leaves);
  return actual === revision ? undefined : { file, message: `its content has the revision ${actual}: it was edited`, next: SEAL };
}

function finishRepository(draft: Draft, drafts: ReadonlyMap<string, Draft>, problems: WorldProblem[]): Repository | undefined {
  const { file, text } = draft;
  const refuse = (path: readonly string[], message: string, next: string): void => {
    problems.push({ file, line: lineOfKey(text, path), message, next });
  };
  const from = draft.refs["tree-from"];
  const source = from === undefined ? undefined : drafts.get(from.toLowerCase());
  if (from !== undefined && (!source || source.refs["tree-from"] !== undefined)) {
    refuse(["tree-from"], `${from} is no repository of this world with trees of its own`, "name one that is");
    return undefined;
  }
  const trees = new Map([...(source?.trees ?? []), ...draft.trees]);
  const refs = new Map(Object.entries(draft.refs.refs ?? source?.refs.refs ?? {}));
  const defaultRef = draft.refs.default ?? source?.refs.default;
  const recorded = draft.refs.recorded ?? false;
  if (defaultRef === undefined) {
    // While it was recorded nobody may have asked for HEAD, and nobody may guess it.
    if (!recorded) refuse(["default"], "`default` is missing", "name the default ref");
  } else if (!refs.has(defaultRef))
    refuse(["default"], `the default ref ${defaultRef} is not among [refs]`, `add it; there are ${listed(refs)}`);
  for (const [ref, revision] of draft.refs.refs === undefined ? [] : refs) {
    if (!REVISION.test(revision)) refuse(["refs", ref], `${JSON.stringify(revision)} is not 40 hex digits`, SEAL);
    else if (!trees.has(revision))
      refuse(["refs", ref], `there is no tree ${revision}`, `${SEAL}, or name one of ${listed(trees)}`);
  }
  for (const revision of Object.keys(draft.refs.rev ?? {})) {
    if (!draft.trees.has(revision)) refuse(["rev", revision], `there is no tree ${revision}`, `${SEAL}, or take the table out`);
  }
  return {
    owner: draft.owner,
    name: draft.name,
    default: defaultRef ?? "",
    complete: draft.refs.complete ?? source?.refs.complete ?? false,
    recorded,
    refs,
    trees,
    isFork: source !== undefined,
  };
}

const listed = (names: ReadonlyMap<string, unknown>): string => [...names.keys()].sort(byBytes).join(", ") || "none";
