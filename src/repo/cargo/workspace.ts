import { posix } from "node:path";
import picomatch from "picomatch";
import type { TrackedTree } from "../tracked-tree.ts";
import { allDependencies, type Manifest } from "./manifest.ts";
import { inPackage } from "./targets.ts";

/** Which folders belong to a workspace (the Cargo book, "Workspaces"): members, path dependencies below the root, never excluded ones. */

export interface LocalPackage {
  readonly directory: string;
  readonly manifest: Manifest;
}

/** Folder of a manifest: `.` for the root. */
export function manifestFolder(path: string): string {
  return posix.dirname(path);
}

/** Path dependencies of a manifest, relative to the repository; one that leaves it starts with `../`. Workspace dependencies are looked up in the root. */
export function pathDependencies(local: LocalPackage, root: LocalPackage | undefined): readonly string[] {
  const paths = allDependencies(local.manifest).flatMap(([name, dependency]) => {
    if (typeof dependency === "string") return [];
    if (dependency.path !== undefined) return [inPackage(local.directory, dependency.path)];
    const shared = dependency.workspace && root ? root.manifest.workspace?.dependencies[name] : undefined;
    return typeof shared === "object" && shared.path !== undefined && root ? [inPackage(root.directory, shared.path)] : [];
  });
  return [...new Set(paths.map((path) => path.replace(/\/$/, "")))].sort();
}

const below = (path: string, folder: string): boolean => folder === "." || path === folder || path.startsWith(`${folder}/`);

/** Member folders of the workspace at `root`, the root package first, then sorted. `manifests` maps a folder to its manifest. */
export function workspaceMembers(root: LocalPackage, manifests: ReadonlyMap<string, Manifest>): readonly LocalPackage[] {
  const workspace = root.manifest.workspace;
  const own = root.manifest.package ? [root] : [];
  if (!workspace) return own;
  const relative = (directory: string): string => posix.relative(root.directory, directory);
  const matches = picomatch(workspace.members.map((member) => member.replace(/^\.\//, "").replace(/\/$/, "")));
  const excluded = (directory: string): boolean =>
    workspace.exclude.some((path) => below(relative(directory), path.replace(/^\.\//, "").replace(/\/$/, "")));
  const members = new Map<string, LocalPackage>();
  const add = (directory: string): void => {
    const manifest = manifests.get(directory);
    if (!manifest?.package || members.has(directory) || directory === root.directory || excluded(directory)) return;
    const member = { directory, manifest };
    members.set(directory, member);
    for (const path of pathDependencies(member, root)) if (below(path, root.directory)) add(path);
  };
  for (const directory of manifests.keys()) if (below(directory, root.directory) && matches(relative(directory))) add(directory);
  for (const path of pathDependencies(root, root)) if (below(path, root.directory)) add(path);
  return [...own, ...[...members.values()].sort((a, b) => (a.directory < b.directory ? -1 : 1))];
}

/** Members and every local package they reach by path, inside the repository: all whose sources a build compiles. */
export function compiledPackages(
  members: readonly LocalPackage[],
  root: LocalPackage,
  manifests: ReadonlyMap<string, Manifest>,
): readonly LocalPackage[] {
  const reached = new Map<string, LocalPackage>();
  const visit = (local: LocalPackage): void => {
    if (reached.has(local.directory)) return;
    reached.set(local.directory, local);
    for (const directory of pathDependencies(local, root)) {
      const manifest = manifests.get(directory);
      if (manifest) visit({ directory, manifest });
    }
  };
  for (const member of members) visit(member);
  return [...reached.values()];
}

/** Names of the packages that a bare `cargo build` at the root builds. */
export function defaultMembers(root: LocalPackage, members: readonly LocalPackage[], tree: TrackedTree): readonly string[] {
  const chosen = root.manifest.workspace?.["default-members"];
  const names = (list: readonly LocalPackage[]): readonly string[] =>
    list.flatMap((member) => member.manifest.package?.name ?? []);
  if (chosen) {
    const matches = picomatch(chosen.map((path) => path.replace(/^\.\//, "").replace(/\/$/, "") || "."));
    return names(
      members.filter(({ directory }) => tree.hasFolder(directory) && matches(posix.relative(root.directory, directory) || ".")),
    );
  }
  return root.manifest.package ? names([root]) : names(members);
}
