import { posix } from "node:path";
import { allDependencies } from "./cargo/manifest.ts";
import { type ChooseProject, readProject } from "./cargo/project.ts";
import { crateContext } from "./cargo/reach/crate-context.ts";
import type { LocalPackage } from "./cargo/workspace.ts";
import { ciFacts } from "./ci.ts";
import { runsOfCargo, runsOfLanguage } from "./documents/runs-of-programs.ts";
import { existingFlake } from "./existing-flake.ts";
import type { IgnoredFile, LockedCrate, NeededFile, Readme, Survey } from "./facts.ts";
import { otherLanguages } from "./languages/other-languages.ts";
import { languageBesideSamples, readLanguages } from "./languages/read.ts";
import { type CrateContext, needsOfCrates } from "./sources/crate-needs.ts";
import { conventionalFolders, includedFiles, watchedFiles } from "./sources/files/needed-files.ts";
import { embeddedPaths, fixtureFolders, scriptPaths, templateFolders, testPaths } from "./sources/files/read-paths.ts";
import { distinctNeeds, needsOfBuildScript } from "./sources/native-needs.ts";
import { buildDownloads, gitWishes } from "./sources/outside-wishes.ts";
import { type RustToken, rustTokens } from "./sources/rust-tokens.ts";
import { ignoreRule, readTree, type TrackedTree, uncommittedPaths } from "./tracked-tree.ts";

/** Paths kept in a survey; `filesTotal` counts all of them. */
export const MAX_LISTED_FILES = 20_000;
/** Rust sources tokenized; projects beyond this are surveyed by their manifests and first files. */
const MAX_RUST_FILES = 5000;
/** A README longer than this is not edited by a rule. */
const MAX_README_CHARACTERS = 256 * 1024;

export interface SurveyOptions {
  /** Program to run as git; default `git`. */
  readonly git?: string;
  /** Commit to look at, any name git knows. */
  readonly ref: string;
  /** Asked where several Cargo projects could be meant; without an answer the first is taken and a warning says so. */
  readonly project?: ChooseProject;
}

/** Finds out what a repository holds at a commit without running any of its code. Throws a GitError where `ref` is no commit. */
export async function survey(directory: string, options: SurveyOptions): Promise<Survey> {
  const tree = await readTree(directory, options.ref, options.git);
  const warnings: string[] = [];
  const warn = (text: string): void => {
    warnings.push(text);
  };
  const tokens = new TokenCache(tree, warn);
  const isIgnored = async (path: string): Promise<boolean> => (await ignoreRule(directory, path, options.git)) !== undefined;
  const beside = await languageBesideSamples(tree);
  const reading = beside
    ? undefined
    : await readProject(tree, (compiled) => tokens.load(compiled), isIgnored, warn, options.project);
  const sources = reading ? compiledSources(reading.compiled, tree) : [];
  const scripts = reading ? buildScripts(reading.compiled, tree) : [];
  const neededFiles = reading ? neededBy(reading.compiled, sources, scripts, tokens, tree) : [];
  const own = scripts.flatMap(({ path }) => needsOfBuildScript({ path, tokens: tokens.of(path) }));
  const context = reading && (await crateContext(reading, tree));
  const crates = context ? needsOfCrates(reading.project.lock.crates, context) : { needs: [], setAside: [] };
  const scriptSources = scripts.map(({ path }) => ({ path, tokens: tokens.of(path) }));
  const compiledCrates = context ? compiledByPlainBuild(reading.project.lock.crates, context) : [];
  const gitMetadata = gitWishes(compiledCrates, scriptSources);
  const downloads = buildDownloads(compiledCrates, scriptSources);
  for (const { by, source, remedy } of downloads)
    warn(`${by} (${source}) downloads while it builds, which the sandbox forbids: ${remedy}`);
  const ci = await ciFacts(tree);
  const flake = await existingFlake(tree);
  const readme = await findReadme(tree);
  const language = beside ?? (reading ? undefined : await readLanguages(tree));
  const shown = reading
    ? await runsOfCargo(reading.project, tree)
    : language
      ? await runsOfLanguage(language.programs, tree)
      : [];
  for (const text of language?.warnings ?? []) warn(text);
  const wanted = ["flake.nix", "flake.lock", ...(reading ? [posix.join(reading.project.root, "Cargo.lock")] : [])];
  noteOddities(tree, warn);
  return {
    head: tree.head,
    files: tree.entries.slice(0, MAX_LISTED_FILES).map((entry) => entry.path),
    filesTotal: tree.entries.length,
    uncommitted: await uncommittedPaths(directory, options.git),
    ...(reading && { cargo: reading.project }),
    ...(language && { language }),
    ...(flake && { flake }),
    nativeNeeds: distinctNeeds([...own, ...(reading?.needs ?? []), ...crates.needs]),
    ...(crates.setAside.length > 0 && { setAsideNeeds: crates.setAside }),
    neededFiles,
    ...(shown.length > 0 && { shownRuns: shown }),
    ...(readme && { readme }),
    ignored: await ignoredFiles(directory, tree, wanted, options.git),
    otherLanguages: otherLanguages(tree),
    ...(ci && { ci }),
    ...(gitMetadata.length > 0 && { gitMetadata }),
    ...(downloads.length > 0 && { buildDownloads: downloads }),
    warnings: [...warnings, ...tree.skipped],
  };
}

/** Locked crates that a plain build or its tests perhaps compile, each with its line. */
function compiledByPlainBuild(crates: readonly LockedCrate[], context: CrateContext) {
  return crates
    .filter((crate) => crate.source !== undefined && ["build", "tests"].includes(context.reach(crate).kind))
    .map((crate) => ({ crate, source: context.source(crate) ?? "Cargo.lock" }));
}

/** Files that sources, build scripts and tests read; one named twice by the same place counts once. */
function neededBy(
  compiled: readonly LocalPackage[],
  sources: readonly OwnSource[],
  scripts: readonly OwnSource[],
  tokens: TokenCache,
  tree: TrackedTree,
): readonly NeededFile[] {
  const directories = compiled.map((local) => local.directory);
  const inTests = ({ path, directory }: OwnSource): boolean => /^(?:tests|benches)\//.test(posix.relative(directory, path));
  const found = [
    ...sources.flatMap(({ path, directory }) => includedFiles(path, directory, tokens.of(path), tree)),
    ...sources.flatMap(({ path, directory }) => embeddedPaths(path, directory, tokens.of(path), tree)),
    ...scripts.flatMap(({ path, directory }) => watchedFiles(path, directory, tokens.of(path), tree)),
    ...scripts.flatMap(({ path, directory }) => scriptPaths(path, directory, tokens.of(path), tree)),
    ...conventionalFolders(directories, tree),
    ...compiled.flatMap(({ directory, manifest }) =>
      templateFolders(directory, new Set(allDependencies(manifest).map(([name]) => name)), tree),
    ),
    ...sources.filter(inTests).flatMap(({ path, directory }) => testPaths(path, directory, tokens.of(path), tree)),
    ...directories.flatMap((directory) => fixtureFolders(directory, tree)),
  ];
  const build = new Set(found.filter((file) => file.for === undefined).map(({ path }) => path));
  return found.filter(
    (file, index) =>
      !(file.for === "tests" && build.has(file.path)) &&
      found.findIndex((other) => other.path === file.path && sameReader(other, file)) === index,
  );
}

/** What a build script names and watches is one reading. */
const sameReader = (a: NeededFile, b: NeededFile): boolean =>
  a.for === b.for && a.neededBy.replace(/(?::\d+)?(?: names it)?$/, "") === b.neededBy.replace(/(?::\d+)?(?: names it)?$/, "");

interface OwnSource {
  readonly path: string;
  /** Of the package it belongs to. */
  readonly directory: string;
}

const inside = (path: string, directory: string): boolean => directory === "." || path.startsWith(`${directory}/`);

/** Rust files below the compiled packages, each with the innermost package that holds it; `target/` is output. */
function compiledSources(compiled: readonly LocalPackage[], tree: TrackedTree): readonly OwnSource[] {
  const directories = compiled.map((local) => local.directory).sort((a, b) => b.length - a.length);
  return tree.entries.flatMap(({ path, kind }) => {
    if (kind !== "file" || !path.endsWith(".rs") || /(?:^|\/)target\//.test(path)) return [];
    const directory = directories.find((candidate) => inside(path, candidate));
    return directory === undefined ? [] : [{ path, directory }];
  });
}

function buildScripts(compiled: readonly LocalPackage[], tree: TrackedTree): readonly OwnSource[] {
  return compiled.flatMap(({ directory, manifest }) => {
    const build = manifest.package?.build;
    const path = posix.join(directory, typeof build === "string" ? build : "build.rs");
    return build !== false && manifest.package && tree.has(path) ? [{ path, directory }] : [];
  });
}

/** Each Rust file is read and tokenized once. */
class TokenCache {
  readonly #tree: TrackedTree;
  readonly #warn: (text: string) => void;
  readonly #tokens = new Map<string, readonly RustToken[]>();

  constructor(tree: TrackedTree, warn: (text: string) => void) {
    this.#tree = tree;
    this.#warn = warn;
  }

  readonly of = (path: string): readonly RustToken[] => this.#tokens.get(path) ?? [];

  async load(compiled: readonly LocalPackage[]): Promise<(path: string) => readonly RustToken[]> {
    const paths = [...compiledSources(compiled, this.#tree), ...buildScripts(compiled, this.#tree)].map(({ path }) => path);
    if (paths.length > MAX_RUST_FILES) this.#warn(`${paths.length} Rust files; the first ${MAX_RUST_FILES} were read`);
    const read = [...new Set(paths)].slice(0, MAX_RUST_FILES);
    await this.#tree.load(read);
    for (const path of read) {
      const text = await this.#tree.text(path);
      if (text) this.#tokens.set(path, rustTokens(text.text));
    }
    return this.of;
  }
}

async function findReadme(tree: TrackedTree): Promise<Readme | undefined> {
  const names = tree.entries
    .filter(({ path, kind }) => kind === "file" && /^readme(?:\.(?:md|markdown))?$/i.test(path))
    .map(({ path }) => path);
  const path = names.find((name) => /\.(?:md|markdown)$/i.test(name)) ?? names[0];
  if (path === undefined) return undefined;
  const text = await tree.text(path);
  return text?.valid && text.text.length <= MAX_README_CHARACTERS ? { path, text: text.text } : { path };
}

async function ignoredFiles(
  directory: string,
  tree: TrackedTree,
  paths: readonly string[],
  git: string | undefined,
): Promise<readonly IgnoredFile[]> {
  const ignored: IgnoredFile[] = [];
  for (const path of paths) {
    if (tree.has(path)) continue;
    const by = await ignoreRule(directory, path, git);
    const text = by && (await tree.text(by.file));
    if (by && text) ignored.push({ path, by: { ...by, text: text.text } });
  }
  return ignored;
}

function noteOddities(tree: TrackedTree, warn: (text: string) => void): void {
  const submodules = tree.entries.filter((entry) => entry.kind === "submodule");
  if (submodules.length > 0)
    warn(`${submodules.map((entry) => entry.path).join(", ")}: git submodules are not part of a flake's source`);
  const odd = tree.entries.filter((entry) => entry.path.includes("\uFFFD"));
  if (odd.length > 0) warn(`${odd.length} file names are not UTF-8, for instance ${odd[0]?.path}`);
}
