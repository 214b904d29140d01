import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { errorCode } from "../error.ts";

/**
 * Folders that Git and Nix read for a folder inside a worktree: its top, its repository where that lies elsewhere, and the object stores it
 * borrows from (a copy made by `git clone --shared` is empty without them). Empty outside of a worktree.
 */
export function gitPlaces(folder: string): readonly string[] {
  const top = topOf(resolve(folder));
  if (top === undefined) return [];
  const places = new Set([top]);
  const repository = repositoryOf(top);
  if (repository !== undefined) {
    places.add(repository);
    const common = firstLine(join(repository, "commondir"));
    const shared = common === undefined ? repository : resolve(repository, common);
    places.add(shared);
    addAlternates(join(shared, "objects"), places);
  }
  return [...places];
}

function topOf(folder: string): string | undefined {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (kindOf(join(candidate, ".git")) !== undefined) return candidate;
    if (candidate === dirname(candidate)) return undefined;
  }
}

/** `.git` is a folder, or a file with one line `gitdir: PATH` (linked worktrees, submodules). */
function repositoryOf(top: string): string | undefined {
  const git = join(top, ".git");
  if (kindOf(git) === "folder") return git;
  const named = firstLine(git)?.match(/^gitdir: (.+)$/)?.[1];
  if (named === undefined) return undefined;
  // A hostile checkout may name any folder here: only one that looks like a repository is shown to children.
  const repository = resolve(top, named);
  return kindOf(join(repository, "HEAD")) === "file" ? repository : undefined;
}

function addAlternates(objects: string, places: Set<string>): void {
  const lines = textOf(join(objects, "info", "alternates"))?.split("\n") ?? [];
  for (const line of lines.filter((candidate) => candidate !== "" && !candidate.startsWith("#"))) {
    const place = isAbsolute(line) ? line : resolve(objects, line);
    // As above: an object store has these two folders, a home does not.
    const isStore = kindOf(join(place, "pack")) === "folder" && kindOf(join(place, "info")) === "folder";
    if (places.has(place) || !isStore) continue;
    places.add(place);
    addAlternates(place, places);
  }
}

function kindOf(path: string): "folder" | "file" | undefined {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts && (facts.isDirectory() ? "folder" : "file");
}

const firstLine = (file: string): string | undefined => textOf(file)?.split("\n")[0];

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR", "EACCES"].includes(errorCode(error) ?? "")) return undefined;
    throw error;
  }
}
