import { posix } from "node:path";
import type { TrackedTree } from "../tracked-tree.ts";
import type { Manifest } from "./manifest.ts";

/** Which binaries and library a package has, by the rules of the Cargo book ("Cargo Targets", target auto-discovery). */

export interface BinaryTarget {
  readonly name: string;
  readonly path: string;
  readonly requiredFeatures: readonly string[];
}

/** Path of `name` inside a package folder; `.` is the repository's root. */
export function inPackage(directory: string, name: string): string {
  return directory === "." ? posix.normalize(name) : posix.join(directory, name);
}

function discovered(tree: TrackedTree, directory: string, packageName: string): ReadonlyMap<string, string> {
  const main = inPackage(directory, "src/main.rs");
  return new Map([
    ...(tree.has(main) ? [[packageName, main] as const] : []),
    ...targetsBelow(tree, inPackage(directory, "src/bin")),
  ]);
}

/** `NAME.rs` and `NAME/main.rs` in a folder. */
function targetsBelow(tree: TrackedTree, directory: string): readonly (readonly [name: string, path: string])[] {
  const folder = `${directory}/`;
  return tree.entries.flatMap(({ path }) => {
    if (!path.startsWith(folder)) return [];
    const name = /^(?<name>[^/]+)(?:\.rs|\/main\.rs)$/.exec(path.slice(folder.length))?.groups?.name;
    return name === undefined ? [] : [[name, path] as const];
  });
}

/** Names of the examples, sorted. */
export function exampleNames(tree: TrackedTree, directory: string, manifest: Manifest): readonly string[] {
  const explicit = manifest.example.flatMap(({ name }) => name ?? []);
  const found =
    manifest.package?.autoexamples === false ? [] : targetsBelow(tree, inPackage(directory, "examples")).map(([name]) => name);
  return [...new Set([...explicit, ...found])].sort();
}

/** Binaries in the order: explicit ones, then discovered ones by name. */
export function binaryTargets(tree: TrackedTree, directory: string, manifest: Manifest): readonly BinaryTarget[] {
  const packageName = manifest.package?.name ?? "";
  const found = discovered(tree, directory, packageName);
  const explicit = manifest.bin.flatMap((target): BinaryTarget[] => {
    if (target.name === undefined) return [];
    const path =
      target.path !== undefined
        ? inPackage(directory, target.path)
        : (found.get(target.name) ??
          inPackage(directory, target.name === packageName ? "src/main.rs" : `src/bin/${target.name}.rs`));
    return [{ name: target.name, path, requiredFeatures: target["required-features"] }];
  });
  // In edition 2015 (no edition key) explicit targets switch discovery off.
  const automatic = manifest.package?.autobins ?? (manifest.package?.edition !== undefined || explicit.length === 0);
  if (!automatic) return explicit;
  const taken = new Set(explicit.flatMap((target) => [target.name, target.path]));
  const more = [...found]
    .filter(([name, path]) => !taken.has(name) && !taken.has(path))
    .map(([name, path]) => ({ name, path, requiredFeatures: [] }));
  return [...explicit, ...more.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

export function hasLibrary(tree: TrackedTree, directory: string, manifest: Manifest): boolean {
  return manifest.lib !== undefined || tree.has(inPackage(directory, "src/lib.rs"));
}

/** Path of the build script, if the package has one that is tracked. */
export function buildScript(tree: TrackedTree, directory: string, manifest: Manifest): string | undefined {
  const build = manifest.package?.build;
  if (build === false) return undefined;
  const path = inPackage(directory, typeof build === "string" ? build : "build.rs");
  return tree.has(path) ? path : undefined;
}
