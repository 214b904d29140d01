import { posix } from "node:path";
import type { ChangedText } from "../patterns.ts";
import { folderOf, isManifest, type Manifest } from "./manifest.ts";

/**
 * Members of a workspace that a command for the workspace reached before and does not reach now (The Cargo Book, "Workspaces").
 * @param path of the manifest @param files the whole change: a crate that moved or is gone was not left out
 */
export function lostMembers(was: Manifest, is: Manifest, path: string, files: readonly ChangedText[]): readonly string[] {
  if (!was.workspace) return [];
  const [before, after] = [was.workspace.members.map(plain), (is.workspace?.members ?? []).map(plain)];
  const gone = new Set(
    files.filter((file) => isManifest(file.path) && file.after === undefined).map((file) => plain(relative(path, file.path))),
  );
  const isNew = (name: string): boolean =>
    files.some((file) => isManifest(file.path) && file.before === undefined && plain(relative(path, file.path)) === name);
  const members = before.filter((name) => !gone.has(name) && !covers(after, name));
  const excluded = (is.workspace?.exclude ?? [])
    .map(plain)
    .filter((name) => !was.workspace?.exclude.map(plain).includes(name) && !isNew(name))
    // Cargo takes a member that is named for a member, whatever `exclude` says.
    .filter(
      (name) =>
        !after.includes(name) && !members.includes(name) && (before.some((one) => matches(one, name)) || hasPath(was, name)),
    );
  const reached = usual(is).map(plain);
  const defaults = usual(was)
    .map(plain)
    .filter((name) => !gone.has(name) && !members.includes(name) && !covers(reached, name));
  return [...members, ...excluded.map((name) => `${name}: exclude`), ...defaults.map((name) => `${name}: default-members`)];
}

/** What a command that names no package is about: the list, else the package beside the list, else all members. */
const usual = ({ workspace, package: own }: Manifest): readonly string[] =>
  workspace?.["default-members"] ?? (own ? ["."] : (workspace?.members ?? []));

const plain = (name: string): string => posix.normalize(name).replace(/(?<=.)\/$/u, "");

const relative = (manifest: string, other: string): string =>
  posix.relative(folderOf(manifest) || ".", folderOf(other) || ".") || ".";

const covers = (list: readonly string[], name: string): boolean => list.some((one) => one === name || matches(one, name));

/** Whether a glob of Cargo's names the folder; `*` stays within one part of the path. */
const matches = (glob: string, name: string): boolean => /[*?[]/u.test(glob) && posix.matchesGlob(name, glob);

/** Dependencies by path are members where nothing excludes them. */
const hasPath = ({ dependencies }: Manifest, name: string): boolean =>
  Object.values(dependencies).some(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      "path" in value &&
      typeof value.path === "string" &&
      plain(value.path) === name,
  );
