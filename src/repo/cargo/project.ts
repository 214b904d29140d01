import { posix } from "node:path";
import type { CargoPackage, CargoProject, Quotation } from "../facts.ts";
import { type ProgramSource, programAnswers } from "../sources/program-answers.ts";
import type { RustToken } from "../sources/rust-tokens.ts";
import type { TrackedTree } from "../tracked-tree.ts";
import { parseCargoLock } from "./lock.ts";
import { inherited, type Manifest, parseManifest } from "./manifest.ts";
import { binaryTargets, buildScript, hasLibrary, inPackage } from "./targets.ts";
import { parseToolchainFile, TOOLCHAIN_FILES } from "./toolchain.ts";
import {
  compiledPackages,
  defaultMembers,
  type LocalPackage,
  manifestFolder,
  pathDependencies,
  workspaceMembers,
} from "./workspace.ts";

/** The Cargo project of a repository and the folders whose Rust sources its build compiles. */
export interface ProjectReading {
  readonly project: CargoProject;
  readonly root: LocalPackage;
  readonly compiled: readonly LocalPackage[];
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

function hasTests(tree: TrackedTree, directory: string, tokensOf: (path: string) => readonly RustToken[]): boolean {
  const tests = `${inPackage(directory, "tests")}/`;
  const src = `${inPackage(directory, "src")}/`;
  return tree.entries.some(({ path }) => {
    if (!path.endsWith(".rs") || !(path.startsWith(tests) || path.startsWith(src))) return false;
    const tokens = tokensOf(path);
    return tokens.some(
      (token, index) => token.text === "#" && tokens[index + 1]?.text === "[" && isTestAttribute(tokens, index + 2),
    );
  });
}

/** `test`, or a path or macro that ends in it: `tokio::test`, `rstest`, `test_case`. */
function isTestAttribute(tokens: readonly RustToken[], start: number): boolean {
  for (let at = start; at < tokens.length && !["]", "("].includes(tokens[at]?.text ?? ""); at += 1)
    if (["test", "rstest", "test_case", "proptest"].includes(tokens[at]?.text ?? "")) return true;
  return false;
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
  const project: CargoProject = {
    root: root.directory,
    workspace: root.manifest.workspace !== undefined,
    packages,
    defaultMembers: defaultMembers(root, members, tree),
    lock: await readLock(tree, root.directory, lockIgnored),
  };
  const toolchainFile = await readToolchain(tree, root.directory, warn);
  return { project: toolchainFile ? { ...project, toolchainFile } : project, root, compiled };
}

function packageFacts(
  member: LocalPackage,
  root: LocalPackage,
  tree: TrackedTree,
  tokensOf: (path: string) => readonly RustToken[],
  named: Quotation | undefined,
): readonly CargoPackage[] {
  const { directory, manifest } = member;
  const facts = manifest.package;
  if (!facts) return [];
  const shared = (value: typeof facts.version | undefined, key: string): string | undefined =>
    inherited(value, key, root.manifest.workspace);
  const version = shared(facts.version, "version") ?? "0.0.0";
  const context = {
    packageName: facts.name,
    version,
    manifest: inPackage(directory, "Cargo.toml"),
    dependencies: new Set(Object.keys(manifest.dependencies)),
  };
  const source = (path: string): ProgramSource => ({ path, tokens: tokensOf(path) });
  const others = tree.entries
    .filter(({ path }) => path.startsWith(`${inPackage(directory, "src")}/`) && path.endsWith(".rs"))
    .map(({ path }) => path);
  const targets = binaryTargets(tree, directory, manifest);
  const binaries = targets.map(({ name, path, requiredFeatures }) => {
    // With one binary every file of the crate is its own; with several only its main file surely is.
    const files = targets.length === 1 ? [path, ...others.filter((other) => other !== path)] : [path];
    return { name, path, requiredFeatures, answers: programAnswers(files.map(source), { ...context, binary: name }) };
  });
  const script = buildScript(tree, directory, manifest);
  const rustVersion = shared(facts["rust-version"], "rust-version");
  const edition = shared(facts.edition, "edition");
  const description = shared(facts.description, "description");
  const license = shared(facts.license, "license");
  return [
    {
      name: facts.name,
      ...(named && { named }),
      version,
      versionFrom: typeof facts.version === "object" ? "workspace" : "package",
      directory,
      binaries,
      library: hasLibrary(tree, directory, manifest),
      ...(facts["default-run"] !== undefined && { defaultRun: facts["default-run"] }),
      ...(rustVersion !== undefined && { rustVersion }),
      ...(edition !== undefined && { edition }),
      ...(script !== undefined && { buildScript: script }),
      ...(description !== undefined && { description: description.trim() }),
      ...(license !== undefined && { license }),
      hasTests: hasTests(tree, directory, tokensOf),
      pathDependencies: pathDependencies(member, root),
    },
  ];
}

/** `name = "…"` below `[package]`, as it stands in the manifest. */
async function namingLine(tree: TrackedTree, member: LocalPackage): Promise<Quotation | undefined> {
  const source = inPackage(member.directory, "Cargo.toml");
  const read = await tree.text(source);
  if (!read) return undefined;
  const lines = read.text.split(/\r?\n/);
  const table = lines.findIndex((line) => /^\s*\[\s*package\s*\]/.test(line));
  const line = lines.findIndex((text, index) => index > table && /^\s*name\s*=/.test(text));
  const quote = lines[line]?.trim();
  return table < 0 || quote === undefined ? undefined : { source, line: line + 1, sha256: read.sha256, quote };
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
