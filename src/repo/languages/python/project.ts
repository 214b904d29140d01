import { posix } from "node:path";
import type { TrackedTree } from "../../tracked-tree.ts";
import type { At, PythonMetadata, RequirementAt } from "./description/metadata.ts";
import { readPyproject } from "./description/pyproject.ts";
import { readSetupPy } from "./description/setup-call.ts";
import { readSetupCfg } from "./description/setup-cfg.ts";
import { mayApply, parseRequirement } from "./requirement/requirement.ts";
import { satisfies } from "./requirement/version.ts";
import { isTestFile, type PythonTests, testsOf } from "./tests.ts";
import { versionIn } from "./version-source.ts";

/** A project in Python as its descriptions tell of it, each fact with its line. */

export interface PythonProject {
  /** Folder of the description, relative to the repository. */
  readonly root: string;
  /** The description: `pyproject.toml`, `tool/setup.cfg`. */
  readonly file: string;
  readonly sha256: string;
  readonly metadata: PythonMetadata;
  /** As PEP 503 normalises the name. */
  readonly name: string;
  /** Absent: written nowhere. `git`: its tags say it, which no build sees. */
  readonly version?: At<string> | "git";
  /** Requirements that may hold where a flake builds. */
  readonly dependencies: readonly RequirementAt[];
  /** Modules that the project installs at the top. */
  readonly modules: readonly string[];
  readonly tests?: PythonTests;
  /** Of the interpreters that nixpkgs has, the newest that the project takes: `3.13`. */
  readonly python: (typeof PYTHONS)[number];
  /** Literal lines that the facts stand on, by line of `file`. */
  readonly quotes: Readonly<Record<string, string>>;
}

/** Interpreters of nixpkgs (`pkgs/top-level/all-packages.nix`), the default one first. */
export const PYTHONS = ["3.13", "3.12", "3.11"] as const;

/** Backends that compile, or run what the sandbox does not have. */
const COMPILING: Readonly<Record<string, string>> = {
  maturin: "Rust",
  mesonpy: "C with Meson",
  scikit_build_core: "C++ with CMake",
  "scikit_build_core.build": "C++ with CMake",
  "scikit_build_core.setuptools.build_meta": "C++ with CMake",
};
const MAX_SOURCES = 400;
/** Folders at the top of a project that are no part of what it installs. */
const ASIDE = /^(?:tests?|testing|docs?|examples?|scripts|tools|build|dist|bench\w*|\..*)$/;

/** A text says what is not understood; undefined: no package is described here. */
export async function readPythonProject(
  tree: TrackedTree,
): Promise<PythonProject | { readonly problem: string; readonly file: string } | undefined> {
  const folders = [...new Set(tree.entries.flatMap(({ path }) => (path.split("/").length <= 2 ? [posix.dirname(path)] : [])))];
  const described = (folder: string): boolean => DESCRIPTIONS.some((name) => tree.has(posix.join(folder, name)));
  const candidates = described(".")
    ? ["."]
    : folders.filter((folder) => folder !== "." && !ASIDE.test(folder) && described(folder));
  const found = (await Promise.all(candidates.map((folder) => readFolder(tree, folder)))).filter(
    (reading) => reading !== undefined,
  );
  const [first, ...others] = found;
  if (!first || others.length === 0) return first;
  return {
    problem: `several folders are projects of their own: ${found.map(({ file }) => posix.dirname(file)).join(", ")}`,
    file: first.file,
  };
}

const DESCRIPTIONS = ["pyproject.toml", "setup.cfg", "setup.py"] as const;

async function readFolder(
  tree: TrackedTree,
  root: string,
): Promise<PythonProject | { readonly problem: string; readonly file: string } | undefined> {
  for (const name of DESCRIPTIONS) {
    const file = posix.join(root, name);
    const text = await tree.text(file);
    if (!text) continue;
    if (!text.valid) return { problem: "it cannot be read as UTF-8", file };
    const reading =
      name === "pyproject.toml"
        ? readPyproject(text.text)
        : name === "setup.cfg"
          ? readSetupCfg(text.text)
          : readSetupPy(text.text);
    if (reading === "tools" || reading === undefined) continue;
    if (typeof reading === "string") return { problem: reading, file };
    return await projectOf(tree, root, file, text, reading);
  }
  const script = posix.join(root, "setup.py");
  return tree.has(script)
    ? { problem: "setup.py states no name that could be read without running it", file: script }
    : undefined;
}

async function projectOf(
  tree: TrackedTree,
  root: string,
  file: string,
  { text, sha256 }: { readonly text: string; readonly sha256: string },
  metadata: PythonMetadata,
): Promise<PythonProject | { readonly problem: string; readonly file: string }> {
  const inside = (path: string): string => posix.join(root, path);
  const setup = file.endsWith("setup.py") ? undefined : await tree.text(inside("setup.py"));
  const problem = (why: string) => ({ problem: why, file });
  const language = Object.hasOwn(COMPILING, metadata.backend) ? COMPILING[metadata.backend] : undefined;
  if (language !== undefined) return problem(`its backend ${metadata.backend} compiles ${language}`);
  if (setup && /\bext_modules\b|\bExtension\s*\(|\bcffi_modules\b/.test(setup.text))
    return problem("setup.py beside it compiles an extension");
  if (!/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(metadata.name.value))
    return problem(`the name ${metadata.name.value.slice(0, 60)} is no name of a package`);
  const odd = metadata.scripts.find(({ name }) => !/^[A-Za-z0-9_][\w.+-]*$/.test(name));
  if (odd)
    return problem(`the name ${odd.name.slice(0, 60)} of a program needs more than the text of the file (line ${odd.line})`);
  const paths = tree.entries.flatMap(({ path, kind }) =>
    kind === "file" && (root === "." || path.startsWith(`${root}/`)) ? [posix.relative(root, path)] : [],
  );
  const sources = paths
    .filter((path) => path.endsWith(".py"))
    .sort((a, b) => Number(isTestFile(b)) - Number(isTestFile(a)) || (a < b ? -1 : 1))
    .slice(0, MAX_SOURCES);
  const read = async (path: string): Promise<string | undefined> => (await tree.text(inside(path)))?.text;
  await tree.load(sources.map(inside));
  const texts = await Promise.all(sources.map(async (path) => ({ path, text: (await read(path)) ?? "" })));
  const python = PYTHONS.find((candidate) => satisfies(candidate, metadata.requiresPython?.value ?? "") !== false);
  if (python === undefined)
    return problem(
      `it wants Python ${metadata.requiresPython?.value}, and nixpkgs is known to have ${PYTHONS.join(", ")} (line ${metadata.requiresPython?.line})`,
    );
  const version = await versionIn(metadata.version, paths, read);
  if (typeof version === "string" && version !== "git") return problem(version);
  const more = metadata.dependencyFile === undefined ? [] : listed(await read(metadata.dependencyFile));
  const dependencies = [...metadata.dependencies, ...more].filter((requirement) => mayApply(requirement, python));
  const tests = testsOf(metadata, texts, (folder) => paths.includes(`${folder}/__init__.py`));
  const lines = text.split(/\r?\n/);
  const seen = [
    metadata.name.line,
    metadata.backendLine,
    ...metadata.scripts.map(({ line }) => line),
    ...dependencies.map(({ line }) => line),
    metadata.version?.line,
    metadata.requiresPython?.line,
  ];
  return {
    root,
    file,
    sha256,
    metadata,
    name: metadata.name.value.replace(/[-_.]+/g, "-").toLowerCase(),
    ...(version !== undefined && { version }),
    dependencies,
    modules: modulesOf(metadata, paths),
    ...(tests && { tests }),
    python,
    quotes: Object.fromEntries(
      seen.flatMap((line) => (line === undefined ? [] : [[String(line), (lines[line - 1] ?? "").trim().slice(0, 200)]])),
    ),
  };
}

/** Requirements of a file, one a line; its options and further files are not followed. */
const listed = (text: string | undefined): readonly RequirementAt[] =>
  (text ?? "").split(/\r?\n/).flatMap((line) => {
    const content = line.replace(/(?:^|\s)#.*$/, "").trim();
    const requirement = content.startsWith("-") ? undefined : parseRequirement(content);
    return requirement ? [{ ...requirement, line: 1 }] : [];
  });

/** The modules that the programs start in, else those at the top of the sources. */
function modulesOf({ scripts, name }: PythonMetadata, paths: readonly string[]): readonly string[] {
  const started = scripts.flatMap(({ module }) => (module === undefined ? [] : [module.split(".")[0] ?? module]));
  if (started.length > 0) return [...new Set(started)];
  const base = paths.some((path) => /^src\/[^/]+(?:\/__init__)?\.py$/.test(path)) ? "src/" : "";
  const tops = paths.flatMap((path) => {
    if (!path.startsWith(base)) return [];
    const top = /^(?<package>[A-Za-z_]\w*)\/__init__\.py$|^(?<module>[A-Za-z_]\w*)\.py$/.exec(path.slice(base.length))?.groups;
    return top?.package ?? top?.module ?? [];
  });
  const own = name.value.replace(/[-.]/g, "_").toLowerCase();
  const packages = [...new Set(tops)].filter(
    (top) => !ASIDE.test(top) && !["setup", "conftest", "noxfile", "tasks"].includes(top),
  );
  const named = packages.filter((top) => top.toLowerCase() === own);
  return named.length > 0 ? named : packages.length === 1 ? packages : [];
}
