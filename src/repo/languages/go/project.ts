import { posix } from "node:path";
import type { TrackedTree } from "../../tracked-tree.ts";
import type { AskedLibrary } from "../c/libraries.ts";
import { byPkgConfig, linkedBy, unique } from "../c/libraries.ts";
import { expand, readMakefile } from "../c/makefile.ts";
import { licenceOf } from "../licence-file.ts";
import { type GoBuildLines, readBuildLines } from "./build-lines.ts";
import { type GoMod, goSumEntries, programName, readGoMod } from "./go-mod.ts";
import { type GoLine, inside, lineIn, type OwnSource, readSources, relative } from "./sources.ts";

/** A module in Go as its go.mod, its sources and its documents tell of it, each fact with its line. */

export interface GoProgram {
  readonly name: string;
  /** Of its package, relative to the module. */
  readonly folder: string;
  readonly source: GoLine;
}

export interface GoProject {
  /** Folder of go.mod, relative to the repository. */
  readonly root: string;
  /** A local replacement leads out of the folder of go.mod, so the whole repository is the source. */
  readonly wholeRepository: boolean;
  readonly file: string;
  readonly module: string;
  readonly named: GoLine;
  readonly go?: { readonly version: string; readonly at: GoLine };
  readonly requires: GoMod["requires"];
  /** How go gets the modules: not at all, from `vendor/`, or by download. */
  readonly dependencies: "none" | "vendored" | "downloaded";
  readonly programs: readonly GoProgram[];
  /** Folders with Go files that a build of the whole module must leave out: programs nobody installs, modules of their own. */
  readonly excluded: readonly string[];
  /** All other folders with Go files. */
  readonly packages: readonly string[];
  readonly version?: { readonly value: string; readonly at: GoLine };
  readonly tests?: GoLine;
  readonly cgo?: GoLine;
  readonly libraries: readonly (AskedLibrary & { readonly source: string })[];
  readonly lines: GoBuildLines;
  readonly licence?: { readonly spdx: string; readonly path: string };
  /** go.mod and go.sum do not agree, or an embedded file is not there: each a sentence. */
  readonly doubts: readonly string[];
}

export type GoReading =
  | { readonly kind: "project"; readonly project: GoProject }
  | { readonly kind: "unclear"; readonly problem: string };

const NAME = /^[A-Za-z0-9_][\w.+-]*$/;
/** Folders whose programs serve the project itself; buildGoModule leaves `examples`, `testdata` and `_…` out on its own. */
const OWN_TOOLS = /(?:^|\/)(?:tools?|hack|scripts?|build|ci|example|gen|generate|generator|internal\/\w*gen\w*)(?:\/|$)/;
const LEFT_OUT_BY_BUILDER = /(?:^|\/)_|examples|Godeps|testdata/;
const BUILD_FILES =
  /^(?:(?:GNUm|M|m)akefile|justfile|Taskfile\.ya?ml|Dockerfile|\.goreleaser\.ya?ml|build\.sh|scripts\/[\w-]+\.sh|README(?:\.md)?|docs\/[\w-]+\.md|\.github\/workflows\/[\w.-]+\.ya?ml)$/;

/** undefined: there is no go.mod at the root or up to two folders below. */
export async function readGoProject(tree: TrackedTree): Promise<GoReading | undefined> {
  const unclear = (problem: string): GoReading => ({ kind: "unclear", problem });
  const modules = tree.entries.flatMap(({ path, kind }) =>
    kind === "file" && posix.basename(path) === "go.mod" && !/(?:^|\/)(?:vendor|testdata)\//.test(path)
      ? [posix.dirname(path)]
      : [],
  );
  const near = modules.filter((folder) => folder === "." || folder.split("/").length <= 2);
  const root = near.includes(".") ? "." : near[0];
  if (root === undefined) return undefined;
  if (root !== "." && near.length > 1)
    return unclear(`several folders hold a module: ${near.map((folder) => `${folder}/go.mod`).join(", ")}`);
  const file = posix.join(root, "go.mod");
  const text = await tree.text(file);
  if (!text?.valid) return unclear(`${file} cannot be read as UTF-8`);
  const mod = readGoMod(text.text);
  if (!mod.module) return unclear(`${file} names no module`);
  if (tree.has("go.work") && modules.length > 1) return unclear("go.work joins several modules, and buildGoModule builds one");
  const out = mod.replaces.find(
    ({ by }) => by.startsWith("/") || (/^\.\.?(?:\/|$)/.test(by) && posix.normalize(posix.join(root, by)).startsWith("..")),
  );
  if (out) return unclear(`${file}:${out.line} replaces ${out.path} by ${out.by}, which lies outside of the repository`);
  const nested = modules.filter((folder) => folder !== root && inside(folder, root));
  const read = await readSources(tree, root);
  const sources = read.filter(({ path }) => !nested.some((folder) => inside(path, folder)));
  const lines = await buildLines(tree);
  const at = lineIn(file, text);
  const dependencies =
    mod.requires.length === 0 ? "none" : tree.has(posix.join(root, "vendor/modules.txt")) ? "vendored" : "downloaded";
  const sum = await tree.text(posix.join(root, "go.sum"));
  const entries = goSumEntries(sum?.text ?? "");
  const local = new Set(mod.replaces.filter(({ by }) => by.startsWith(".")).map(({ path }) => path));
  const fetched = mod.requires.filter(({ path }) => !local.has(path));
  if (dependencies === "downloaded" && fetched.length > 0 && !sum)
    return unclear(`${file} requires modules, and no go.sum is tracked beside it; run go mod tidy and commit go.sum`);
  const replaced = new Set(mod.replaces.map(({ path }) => path));
  const missing = fetched.filter(
    ({ path, version }) => !replaced.has(path) && sum !== undefined && !entries.has(`${path} ${version}/go.mod`),
  );
  const { programs, excluded, problem } = programsOf(mod.module.path, root, sources, nested);
  if (problem !== undefined) return unclear(problem);
  const libraries = sources.flatMap(({ path, go }) =>
    go.cgo
      ? [
          ...go.cgo.pkgConfig.map((name) => byPkgConfig(name, go.cgo?.line ?? 1)),
          ...go.cgo.links.flatMap((name) => linkedBy(name, go.cgo?.line ?? 1)),
        ].map((library) => ({ ...library, source: path }))
      : [],
  );
  const version = await versionOf(tree, root, sources);
  const licence = (await licenceOf(tree, root)) ?? (root === "." ? undefined : await licenceOf(tree, "."));
  const test = sources.find(({ path, go }) => path.endsWith("_test.go") && go.test !== undefined);
  const cgo = sources.find(({ path, go }) => go.cgo !== undefined && !path.endsWith("_test.go"));
  const folders = [...new Set(sources.map(({ path }) => posix.dirname(relative(path, root))))];
  return {
    kind: "project",
    project: {
      root,
      wholeRepository: mod.replaces.some(({ by }) => by.startsWith("../")),
      file,
      module: mod.module.path,
      named: at(mod.module.line),
      ...(mod.go && { go: { version: mod.go.version, at: at(mod.go.line) } }),
      requires: mod.requires,
      dependencies,
      programs,
      excluded,
      packages: folders.filter((folder) => !LEFT_OUT_BY_BUILDER.test(folder) && !excluded.includes(folder)).sort(),
      ...(version && { version }),
      ...(test && { tests: lineIn(test.path, test)(test.go.test?.line ?? 1) }),
      ...(cgo && { cgo: lineIn(cgo.path, cgo)(cgo.go.cgo?.line ?? 1) }),
      libraries: unique(libraries).map((library) => ({
        ...library,
        source: libraries.find(({ name }) => name === library.name)?.source ?? file,
      })),
      lines,
      ...(licence && { licence }),
      doubts: [
        ...missing.map(
          ({ path, version: wanted, line }) =>
            `${file}:${line}: go.sum has no entry for ${path} ${wanted}; run go mod tidy and commit go.sum`,
        ),
        ...sources.flatMap(({ path, go }) =>
          go.embeds
            .filter(({ pattern }) => !embedded(pattern, posix.dirname(path), tree))
            .map(({ pattern, line }) => `${path}:${line}: embeds ${pattern}, which git does not track`),
        ),
      ],
    },
  };
}

function programsOf(
  module: string,
  root: string,
  sources: readonly OwnSource[],
  nested: readonly string[],
): { readonly programs: readonly GoProgram[]; readonly excluded: readonly string[]; readonly problem?: string } {
  const mains = new Map<string, GoProgram>();
  const none: string[] = [];
  const byFolder = Map.groupBy(
    sources.filter(({ path }) => !path.endsWith("_test.go")),
    ({ path }) => posix.dirname(relative(path, root)),
  );
  for (const [folder, files] of byFolder) {
    if (LEFT_OUT_BY_BUILDER.test(folder)) continue;
    const main = files.find(({ go }) => go.package === "main" && !go.leftOut);
    if (!main) continue;
    const line = main.text.split(/\r?\n/).findIndex((each) => /^package\s+main\b/.test(each)) + 1;
    const name = programName(module, folder);
    if (!NAME.test(name)) return { programs: [], excluded: [], problem: `${main.path}: ${name} is no name of a program` };
    const same = [...mains.values()].find((program) => program.name === name);
    if (same)
      return { programs: [], excluded: [], problem: `the packages ${same.folder} and ${folder} both make a program ${name}` };
    mains.set(folder, { name, folder, source: lineIn(main.path, main)(line) });
  }
  const all = [...mains.values()];
  const wanted = all.filter(({ folder }) => !OWN_TOOLS.test(folder));
  const programs = wanted.length > 0 ? wanted : all;
  for (const { folder } of all) if (!programs.some((program) => program.folder === folder)) none.push(folder);
  return {
    programs: [...programs].sort(
      (a, b) => a.folder.split("/").length - b.folder.split("/").length || (a.folder < b.folder ? -1 : 1),
    ),
    excluded: [
      ...none,
      ...nested.map((folder) => relative(folder, root)).filter((folder) => !LEFT_OUT_BY_BUILDER.test(folder)),
    ].sort(),
  };
}

async function buildLines(tree: TrackedTree): Promise<GoBuildLines> {
  const paths = tree.entries.filter(({ path, kind }) => kind === "file" && BUILD_FILES.test(path)).map(({ path }) => path);
  await tree.load(paths);
  const files = await Promise.all(paths.map(async (source) => ({ source, text: (await tree.text(source))?.text ?? "" })));
  return readBuildLines(files);
}

/** A file VERSION, the Makefile's variable, or what the sources say, in this order. */
async function versionOf(tree: TrackedTree, root: string, sources: readonly OwnSource[]): Promise<GoProject["version"]> {
  const file = posix.join(root, "VERSION");
  const stated = await tree.text(file);
  const written = /^v?(?<value>\d+\.\d[\w.+-]*)\s*$/.exec(stated?.text ?? "")?.groups?.value;
  if (stated && written !== undefined) return { value: written, at: lineIn(file, stated)(1) };
  const makefile = posix.join(root, "Makefile");
  const make = await tree.text(makefile);
  if (make) {
    const { variables } = readMakefile(make.text);
    const variable = variables.get("VERSION");
    const value = variable && /^v?(?<value>\d+\.\d[\w.+-]*)$/.exec(expand(variable.value, variables).trim())?.groups?.value;
    if (variable && value !== undefined) return { value, at: lineIn(makefile, make)(variable.line) };
  }
  const own = sources.find(({ path, go }) => go.version !== undefined && !path.endsWith("_test.go"));
  return own?.go.version ? { value: own.go.version.value, at: lineIn(own.path, own)(own.go.version.line) } : undefined;
}

/** Whether git tracks anything that the pattern names; patterns with signs are taken to, where their fixed part is there. */
function embedded(pattern: string, folder: string, tree: TrackedTree): boolean {
  const plain = pattern.replace(/^all:/, "");
  const fixed = /[*?[]/.test(plain) ? posix.dirname(`${plain.slice(0, plain.search(/[*?[]/))}x`) : plain;
  const path = posix.normalize(posix.join(folder, fixed));
  return tree.has(path) || tree.hasFolder(path);
}
