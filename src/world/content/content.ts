import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, errorText } from "../../system/error.ts";
import type { WorldProblem } from "../problem.ts";
import { type CrateSource, crateSources } from "./crate-sources.ts";
import { type GitSource, gitSources } from "./git-sources.ts";
import { type Leaf, leavesBelow, listingHash, listTree, UnlistableError } from "./listing.ts";
import { WORLD_FILE, type WorldManifest, worldSchema } from "./manifest.ts";
import { type Repository, repositories } from "./repositories.ts";
import { parseToml } from "./toml.ts";

/** All that a world can answer with, indexed once. Requests are looked up here and never become paths, so no URL can leave the folder. */
export interface WorldContent {
  readonly directory: string;
  readonly manifest: WorldManifest;
  /** sha256 over the folder's listing, hex. */
  readonly hash: string;
  readonly leaves: readonly Leaf[];
  /** By `owner/repo` in lower case. */
  readonly repositories: ReadonlyMap<string, Repository>;
  /** By name in lower case, as a sparse index names its files. */
  readonly crates: ReadonlyMap<string, readonly CrateSource[]>;
  /** By `host/path`, without `.git`. */
  readonly git: ReadonlyMap<string, GitSource>;
  /** `host/path` to the file's absolute path; a query is part of the name, percent-encoded. */
  readonly files: ReadonlyMap<string, string>;
}

export interface LoadedContent {
  /** undefined where there is no listing or no manifest to speak of. */
  readonly content: WorldContent | undefined;
  readonly problems: readonly WorldProblem[];
}

const FOLDERS = new Set(["github", "crates", "git", "files"]);

/** Reads and checks a world's folder: every problem it has is told, not only the first. */
export async function loadContent(directory: string): Promise<LoadedContent> {
  const file = join(directory, WORLD_FILE);
  let text: string;
  let leaves: Leaf[];
  try {
    [text, leaves] = await Promise.all([readFile(file, "utf8"), listTree(directory)]);
  } catch (error) {
    return { content: undefined, problems: [unreadable(directory, file, error)] };
  }
  const manifest = parseToml(file, text, worldSchema);
  if (!manifest.ok) return { content: undefined, problems: manifest.problems };
  const below = (folder: string): Leaf[] => leavesBelow(leaves, folder);
  const [github, git] = await Promise.all([
    repositories(join(directory, "github"), below("github")),
    gitSources(join(directory, "git"), below("git")),
  ]);
  const crates = crateSources(join(directory, "crates"), below("crates"));
  const files = new Map(
    below("files")
      .filter((leaf) => leaf.mode !== "120000" && leaf.path.includes("/"))
      .map((leaf) => [leaf.path, join(directory, "files", leaf.path)]),
  );
  return {
    content: {
      directory,
      manifest: manifest.value,
      hash: listingHash(leaves),
      leaves,
      repositories: github.found,
      crates: crates.found,
      git: git.found,
      files,
    },
    problems: [
      ...strangers(directory, leaves),
      ...links(directory, leaves),
      ...github.problems,
      ...crates.problems,
      ...git.problems,
    ],
  };
}

function unreadable(directory: string, file: string, error: unknown): WorldProblem {
  if (error instanceof UnlistableError) return { file: error.path, message: error.message, next: "take it out of the world" };
  if (errorCode(error) === "ENOENT") {
    return { file, message: `there is no world here (${WORLD_FILE} is missing)`, next: "name the folder that holds world.toml" };
  }
  return { file: directory, message: `cannot be read: ${errorText(error)}`, next: "make the folder readable" };
}

function strangers(directory: string, leaves: readonly Leaf[]): WorldProblem[] {
  const tops = new Set(
    leaves.filter((leaf) => leaf.path.includes("/")).map((leaf) => leaf.path.slice(0, leaf.path.indexOf("/"))),
  );
  return [...tops]
    .filter((top) => !FOLDERS.has(top))
    .map((top) => ({
      file: join(directory, top),
      message: "no folder that a world has",
      next: `move it out, or below one of ${[...FOLDERS].join(", ")}`,
    }));
}

/** Links belong into trees, where they are served as links. Anywhere else one would be followed, perhaps out of the world. */
function links(directory: string, leaves: readonly Leaf[]): WorldProblem[] {
  const tree = /^(github\/[^/]+\/[^/]+\/[^/]+|crates\/[^/]+)\/./;
  const gitTree = /^git\/(?!.*(\.bundle|\/world-git\.toml)$)/;
  return leaves
    .filter(({ mode, path }) => mode === "120000" && !tree.test(path) && !gitTree.test(path))
    .map(({ path }) => ({
      file: join(directory, path),
      message: "is a symbolic link outside of a tree",
      next: "put the file itself there",
    }));
}
