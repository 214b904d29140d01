import { posix } from "node:path";
import { crateContext } from "./cargo/crate-context.ts";
import { type ChooseProject, readProject } from "./cargo/project.ts";
import type { LocalPackage } from "./cargo/workspace.ts";
import { existingFlake } from "./existing-flake.ts";
import type { IgnoredFile, NeededFile, Readme, Survey } from "./facts.ts";
import { otherLanguages } from "./other-languages.ts";
import { needsOfCrates } from "./sources/crate-needs.ts";
import { distinctNeeds, needsOfBuildScript } from "./sources/native-needs.ts";
import { conventionalFolders, includedFiles, watchedFiles } from "./sources/needed-files.ts";
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
  const reading = await readProject(tree, (compiled) => tokens.load(compiled), isIgnored, warn, options.project);
  const sources = reading ? compiledSources(reading.compiled, tree) : [];
  const scripts = reading ? buildScripts(reading.compiled, tree) : [];
  const neededFiles: NeededFile[] = [
    ...sources.flatMap(({ path, directory: folder }) => includedFiles(path, folder, tokens.of(path), tree)),
    ...scripts.flatMap(({ path, directory: folder }) => watchedFiles(path, folder, tokens.of(path), tree)),
    ...(reading
      ? conventionalFolders(
          reading.compiled.map((local) => local.directory),
          tree,
        )
      : []),
  ];
  const own = scripts.flatMap(({ path }) => needsOfBuildScript({ path, tokens: tokens.of(path) }));
  const crates = reading
    ? needsOfCrates(reading.project.lock.crates, await crateContext(reading, tree))
    : { needs: [], setAside: [] };
  const flake = await existingFlake(tree);
  const readme = await findReadme(tree);
  const wanted = ["flake.nix", "flake.lock", ...(reading ? [posix.join(reading.project.root, "Cargo.lock")] : [])];
  noteOddities(tree, warn);
  return {
    head: tree.head,
    files: tree.entries.slice(0, MAX_LISTED_FILES).map((entry) => entry.path),
    filesTotal: tree.entries.length,
    uncommitted: await uncommittedPaths(directory, options.git),
    ...(reading && { cargo: reading.project }),
    ...(flake && { flake }),
    nativeNeeds: distinctNeeds([...own, ...crates.needs]),
    ...(crates.setAside.length > 0 && { setAsideNeeds: crates.setAside }),
    neededFiles,
    ...(readme && { readme }),
    ignored: await ignoredFiles(directory, tree, wanted, options.git),
    otherLanguages: otherLanguages(tree),
    warnings: [...warnings, ...tree.skipped],
  };
}

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
