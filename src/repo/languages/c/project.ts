import { posix } from "node:path";
import type { TrackedTree } from "../../tracked-tree.ts";
import { type CMakeCommand, programsOfCMake, readCMake } from "./cmake.ts";
import { type AskedLibrary, byFindPackage, byPkgConfig, librariesInMakefile, unique } from "./libraries.ts";
import { expand, type Makefile, programsOf, reachOf, readMakefile } from "./makefile.ts";

/** A project in C as its build description tells of it, each fact with its line. */

export interface CProgram {
  readonly name: string;
  /** Where the build leaves it, relative to its folder: `hello`, `bin/hello`. */
  readonly path: string;
  readonly line: number;
}

export type CInstall =
  /** By `cmake --install`, or by `make install` into the place that this variable names. */
  | { readonly by: "cmake"; readonly line: number }
  | { readonly by: "make"; readonly prefix: "PREFIX" | "prefix"; readonly line: number };

export interface CProject {
  readonly system: "make" | "cmake";
  /** Folder of the build description, relative to the repository. */
  readonly root: string;
  /** The build description: `Makefile`, `cli/CMakeLists.txt`. */
  readonly file: string;
  readonly sha256: string;
  readonly name: string;
  /** Absent: written nowhere. */
  readonly version?: { readonly value: string; readonly line: number };
  readonly programs: readonly CProgram[];
  /** Absent: nothing installs the programs where Nix wants them. */
  readonly install?: CInstall;
  /** What runs the tests. */
  readonly tests?: { readonly target: "check" | "test"; readonly line: number };
  readonly libraries: readonly AskedLibrary[];
  /** The Makefile names a compiler of its own. */
  readonly setsCompiler: boolean;
  /** Literal lines of the file that the facts above stand on, by line. */
  readonly quotes: Readonly<Record<string, string>>;
}

/** A project, or why its build is not understood. */
export type CReading =
  | { readonly kind: "project"; readonly project: CProject }
  | { readonly kind: "unclear"; readonly problem: string };

/** Build systems and languages whose own manifest stands beside; each is another project's. */
const FOREIGN: Readonly<Record<string, string>> = {
  "configure.ac": "autotools",
  "configure.in": "autotools",
  "meson.build": "Meson",
  "package.json": "JavaScript",
  "pyproject.toml": "Python",
  "setup.py": "Python",
  "go.mod": "Go",
};
const MAKEFILES = ["GNUmakefile", "makefile", "Makefile"];
const NAME = /^[A-Za-z0-9_][\w.+-]*$/;
/** Words that a shell leaves as they are, inside the folder. */
const PLACE = /^(?!.*\.\.)(?:[\w.+-]+\/)*[\w.+-]+$/;
const VERSION = /^v?\d[\w.+-]*$/;

/** undefined: there are no C sources with a build description at the root or one folder below. */
export async function readCProject(tree: TrackedTree): Promise<CReading | undefined> {
  const unclear = (problem: string): CReading => ({ kind: "unclear", problem });
  if (!tree.entries.some(({ path, kind }) => kind === "file" && path.endsWith(".c"))) return undefined;
  const folders = [...new Set(tree.entries.flatMap(({ path }) => (path.split("/").length <= 2 ? [posix.dirname(path)] : [])))];
  const foreign = Object.entries(FOREIGN).find(([name]) => tree.has(name));
  if (foreign) {
    const builds = foreign[1] === "autotools" || foreign[1] === "Meson";
    return builds ? unclear(`${foreign[0]} shows that ${foreign[1]} builds it`) : undefined;
  }
  const descriptions = (folder: string): readonly string[] =>
    [...MAKEFILES, "CMakeLists.txt"].map((name) => posix.join(folder, name)).filter((path) => tree.has(path));
  const root = descriptions(".").length > 0 ? "." : undefined;
  const found = root === undefined ? folders.filter((folder) => descriptions(folder).length > 0) : [root];
  const [folder, ...others] = found;
  if (folder === undefined) return undefined;
  if (others.length > 0) return unclear(`several folders have a build of their own: ${found.join(", ")}`);
  const [file, second] = descriptions(folder);
  if (file === undefined) return undefined;
  if (second !== undefined) return unclear(`${file} and ${second} both describe a build, and nothing says which of them holds`);
  const text = await tree.text(file);
  if (!text?.valid) return unclear(`${file} cannot be read as UTF-8`);
  const read = file.endsWith("CMakeLists.txt")
    ? readCMakeProject(text.text)
    : readMakeProject(text.text, (path) => tree.has(posix.join(folder, path)));
  if (typeof read === "string") return unclear(`${file}: ${read}`);
  const odd = read.programs.find(({ name, path }) => !NAME.test(name) || !PLACE.test(path));
  if (odd) return unclear(`${file}:${odd.line}: the name ${odd.name} of a program needs more than the text of the file`);
  const lines = text.text.split(/\r?\n/);
  const seen = [
    ...read.programs,
    ...(read.version ? [read.version] : []),
    ...(read.install ? [read.install] : []),
    ...(read.tests ? [read.tests] : []),
  ];
  const quotes = Object.fromEntries(seen.map(({ line }) => [String(line), (lines[line - 1] ?? "").trim().slice(0, 200)]));
  return { kind: "project", project: { ...read, root: folder, file, sha256: text.sha256, quotes } };
}

type Read = Omit<CProject, "root" | "file" | "sha256" | "quotes">;

/** Variables that name a project, the strongest first. */
const NAMES = ["NAME", "PROJECT", "PROJECT_NAME", "PACKAGE", "PACKAGE_NAME"];

/** @returns what is not understood, as text */
export function readMakeProject(text: string, hasSource: (path: string) => boolean): Read | string {
  const makefile = readMakefile(text);
  const programs = programsOf(makefile, hasSource).map(({ name: path, line }) => ({ name: posix.basename(path), path, line }));
  if (programs.length === 0) return "no rule that the first goal leads to links a program";
  const value = (name: string): string => expand(makefile.variables.get(name)?.value ?? "", makefile.variables).trim();
  const named = NAMES.map(value).find((name) => NAME.test(name));
  const name = programs.length === 1 ? programs[0]?.name : named;
  if (name === undefined)
    return `it makes several programs (${programs.map((program) => program.name).join(", ")}), and no variable NAME or PACKAGE says what they are together`;
  const version = ["VERSION", "PACKAGE_VERSION"].map((key) => ({
    value: value(key).replace(/^"|"$/g, ""),
    line: makefile.variables.get(key)?.line ?? 0,
  }));
  const stated = version.find(({ value: written }) => VERSION.test(written));
  const tests = makefile.rules.find(({ target }) => target === "check") ?? makefile.rules.find(({ target }) => target === "test");
  const install = installOf(makefile);
  return {
    system: "make",
    name,
    ...(stated && { version: { ...stated, value: stated.value.replace(/^v/, "") } }),
    programs,
    ...(install && { install }),
    ...(tests && { tests: { target: tests.target === "check" ? "check" : "test", line: tests.line } }),
    libraries: librariesInMakefile(text),
    setsCompiler: makefile.variables.has("CC"),
  };
}

/** An `install` that takes the place from a variable; one that writes below /usr whatever it is told is none. */
function installOf(makefile: Makefile): CInstall | undefined {
  const rule = makefile.rules.find(({ target }) => target === "install");
  const reached = rule ? reachOf(makefile, "install").split(" ") : [];
  const prefix = (["PREFIX", "prefix"] as const).find((name) => reached.includes(name));
  return rule && prefix ? { by: "make", prefix, line: rule.line } : undefined;
}

export function readCMakeProject(text: string): Read | string {
  const commands = readCMake(text);
  const first = (name: string): CMakeCommand | undefined => commands.find((command) => command.name === name);
  const project = first("project");
  const programs = programsOfCMake(commands).map(({ name, line }) => ({ name, path: `${name}`, line }));
  if (programs.length === 0) return "no add_executable of the file itself names a program";
  const name = programs.length === 1 ? programs[0]?.name : project?.words[0];
  if (name === undefined || !NAME.test(name))
    return "it makes several programs, and project() does not name what they are together";
  const at = project?.words.indexOf("VERSION") ?? -1;
  const version = at > 0 ? project?.words[at + 1] : undefined;
  const install = commands.find(({ name: command, words }) => command === "install" && words[0] === "TARGETS");
  const tests = first("add_test");
  const options = new Set(["REQUIRED", "QUIET", "IMPORTED_TARGET", "GLOBAL", "NO_CMAKE_PATH", "STATIC"]);
  const libraries = commands.flatMap(({ name: command, words, line }): readonly AskedLibrary[] => {
    const [head = "", ...rest] = words;
    if (command === "find_package") return byFindPackage(head, line);
    if (command !== "pkg_check_modules") return [];
    return rest.filter((word) => !options.has(word)).map((word) => byPkgConfig(word.replace(/[<>=].*$/, ""), line));
  });
  return {
    system: "cmake",
    name,
    ...(version !== undefined && VERSION.test(version) && project && { version: { value: version, line: project.line } }),
    programs,
    ...(install && { install: { by: "cmake", line: install.line } }),
    ...(tests && { tests: { target: "test", line: tests.line } }),
    libraries: unique(libraries),
    setsCompiler: false,
  };
}
