import { posix } from "node:path";
import type { CargoPackage, CargoProject, NativeNeed } from "../facts.ts";
import type { RustToken } from "../sources/rust-tokens.ts";
import type { TrackedTree } from "../tracked-tree.ts";
import { cargoConfig } from "./cargo-config.ts";
import { parseCargoLock } from "./lock.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { namedDependencies } from "./named-dependencies.ts";
import { namingLine, packageFacts } from "./package-facts.ts";
import { minimumRust, rustContradictions, rustRequirements } from "./rust-requirements.ts";
import { inPackage } from "./targets.ts";
import { parseToolchainFile, TOOLCHAIN_FILES } from "./toolchain.ts";
import { compiledPackages, defaultMembers, type LocalPackage, manifestFolder, workspaceMembers } from "./workspace.ts";

/** The Cargo project of a repository and the folders whose Rust sources its build compiles. */
export interface ProjectReading {
  readonly project: CargoProject;
  readonly root: LocalPackage;
  readonly compiled: readonly LocalPackage[];
  /** What Cargo's configuration wants of the build. */
  readonly needs: readonly NativeNeed[];
}

/** More manifests than this are not read: a registry checked into a repository is no project to survey. */
const MAX_MANIFESTS = 2000;

const depth = (directory: string): number => (directory === "." ? 0 : directory.split("/").length);

async function readManifests(tree: TrackedTree, warn: (text: string) => void): Promise<ReadonlyMap<string, Manifest>> {
  const paths = tree.entries
    .filter(({ path, kind }) => kind === "file" && posix.basename(path) === "Cargo.toml")
    .map(({ path }) => path);
  paths.sort((a, b) => depth(manifestFolder(a)) - depth(manifestFolder(b)) || (a < b ? -1 : 1));
  if (paths.length > MAX_MANIFESTS) warn(`${paths.length} Cargo.toml files; the ${MAX_MANIFESTS} nearest the root were read`);
  const read = paths.slice(0, MAX_MANIFESTS);
  await tree.load(read);
  const manifests = new Map<string, Manifest>();
  for (const path of read) {
    const text = await tree.text(path);
    const result = text && parseManifest(text.text);
    if (result?.ok) manifests.set(manifestFolder(path), result.manifest);
    else if (result) warn(`${path} does not parse: ${result.problem}`);
  }
  return manifests;
}

/** A Cargo project that could be meant where none stands at the root. */
export interface ProjectCandidate {
  readonly directory: string;
  /** Of its package; the folder's for a workspace without one. */
  readonly name: string;
}

/** Says which of several projects is meant; undefined: nobody knows. */
export type ChooseProject = (candidates: readonly ProjectCandidate[]) => Promise<string | undefined>;

/** The repository's root, else the one nearest to it; workspaces come before single packages of the same depth. */
async function chooseRoot(
  manifests: ReadonlyMap<string, Manifest>,
  warn: (text: string) => void,
  choose: ChooseProject | undefined,
): Promise<LocalPackage | undefined> {
  const candidates = [...manifests].map(([directory, manifest]) => ({ directory, manifest }));
  candidates.sort(
    (a, b) =>
      depth(a.directory) - depth(b.directory) ||
      Number(b.manifest.workspace !== undefined) - Number(a.manifest.workspace !== undefined) ||
      (a.directory < b.directory ? -1 : 1),
  );
  const [root] = candidates;
  if (!root || depth(root.directory) === 0) return root;
  const equals = candidates.filter(({ directory }) => depth(directory) === depth(root.directory));
  if (equals.length < 2) return root;
  const named = equals.map(({ directory, manifest }) => ({
    directory,
    name: manifest.package?.name ?? posix.basename(directory),
  }));
  const wanted = await choose?.(named);
  const chosen = equals.find(({ directory }) => directory === wanted);
  if (chosen) return chosen;
  const others = named.slice(1).map(({ directory }) => directory);
  warn(
    `several Cargo projects and none at the root: ${root.directory} was taken, ${others.join(", ")} ${others.length === 1 ? "was" : "were"} not looked at`,
  );
  return root;
}

/** Reads the project; `tokensOf` gives the tokens of a Rust file (empty when it was not read). */
export async function readProject(
  tree: TrackedTree,
  tokensFor: (compiled: readonly LocalPackage[]) => Promise<(path: string) => readonly RustToken[]>,
  lockIgnored: (path: string) => Promise<boolean>,
  warn: (text: string) => void,
  choose?: ChooseProject,
): Promise<ProjectReading | undefined> {
  const manifests = await readManifests(tree, warn);
  const root = await chooseRoot(manifests, warn, choose);
  if (!root) return undefined;
  const members = workspaceMembers(root, manifests);
  const compiled = compiledPackages(members, root, manifests);
  const tokensOf = await tokensFor(compiled);
  const packages: CargoPackage[] = [];
  for (const member of members) packages.push(...packageFacts(member, root, tree, tokensOf, await namingLine(tree, member)));
  const lock = await readLock(tree, root.directory, lockIgnored);
  const toolchainFile = await readToolchain(tree, root.directory, warn);
  const texts = await loadedTexts(tree, [...members.map(({ directory }) => directory), root.directory]);
  const requirements = rustRequirements(packages, root.directory, lock, texts);
  const minimum = minimumRust(packages, requirements);
  for (const text of rustContradictions(requirements, minimum, toolchainFile)) warn(text);
  const { vendored, needs } = await cargoConfig(tree, root.directory, warn);
  const project: CargoProject = {
    root: root.directory,
    workspace: root.manifest.workspace !== undefined,
    packages,
    dependencies: namedDependencies(members, root, texts),
    defaultMembers: defaultMembers(root, members, tree),
    lock,
    ...(toolchainFile && { toolchainFile }),
    ...(requirements.length > 0 && { rustRequirements: requirements }),
    ...(minimum && { minimumRust: minimum }),
    ...(vendored && { vendored }),
  };
  return { project, root, compiled, needs };
}

async function readLock(
  tree: TrackedTree,
  directory: string,
  ignored: (path: string) => Promise<boolean>,
): Promise<CargoProject["lock"]> {
  const path = inPackage(directory, "Cargo.lock");
  const text = await tree.text(path);
  if (text) return parseCargoLock(text.text);
  if (tree.has(path)) return { state: "invalid", crates: [], problem: `${path} is a link or too large to be a lock file` };
  return { state: (await ignored(path)) ? "ignored" : "missing", crates: [] };
}

/** Texts of the manifests and the lock, for the lines that facts stand on. */
async function loadedTexts(tree: TrackedTree, directories: readonly string[]): Promise<(path: string) => string> {
  const paths = directories.flatMap((directory) => ["Cargo.toml", "Cargo.lock"].map((name) => inPackage(directory, name)));
  await tree.load(paths);
  const texts = new Map<string, string>();
  for (const path of paths) texts.set(path, (await tree.text(path))?.text ?? "");
  return (path) => texts.get(path) ?? "";
}

async function readToolchain(
  tree: TrackedTree,
  directory: string,
  warn: (text: string) => void,
): Promise<CargoProject["toolchainFile"]> {
  for (const name of TOOLCHAIN_FILES) {
    const path = inPackage(directory, name);
    const text = await tree.text(path);
    if (!text) continue;
    const toolchain = parseToolchainFile(path, text.text);
    if (toolchain) return toolchain;
    warn(`${path} names no channel that could be read`);
  }
  return undefined;
}
