import { posix } from "node:path";
import type { TrackedTree } from "../../tracked-tree.ts";
import { allowsMajor } from "./engines.ts";
import { type NodeLock, readNodeLock } from "./lock.ts";
import { keyLines, type NodeManifest, readManifest, withoutScope } from "./manifest.ts";
import { buildScript, hasTests, packingScripts, startedFile } from "./scripts.ts";
import { type WorkspaceMember, workspaceMembers } from "./workspaces.ts";

/** A Node.js project as its package.json and package-lock.json tell of it, each fact with its line. */

export interface NodeProgram {
  readonly name: string;
  /** Relative to the package. */
  readonly path: string;
  readonly line: number;
}

export interface NodeProject {
  /** Folder of package.json, relative to the repository. */
  readonly root: string;
  readonly file: string;
  readonly sha256: string;
  readonly packageName: string;
  readonly version: { readonly value: string; readonly line: number };
  readonly description?: string;
  readonly license?: string;
  readonly programs: readonly NodeProgram[];
  /** `start`: no `bin`, and the start script runs a file with these flags of node; `none`: a library. */
  readonly programsBy: { readonly kind: "bin" | "none" } | { readonly kind: "start"; readonly flags: readonly string[] };
  /** `bin` is a text and the name has a scope, which the installation of nixpkgs takes into the program's name. */
  readonly scopedBin: boolean;
  readonly build?: { readonly script: string; readonly line: number };
  /** Folder of the program that the build makes, where an ignore file keeps it from being packed. */
  readonly made?: string;
  readonly tests?: { readonly line: number };
  /** Folders of the workspaces; the programs are theirs, and a script that the package itself lacks is run in each of them. */
  readonly workspaces?: { readonly folders: readonly string[]; readonly buildsEach: boolean; readonly testsEach: boolean };
  /** Scripts that npm runs again when it packs. */
  readonly packing: readonly string[];
  readonly engine?: { readonly range: string; readonly line: number; readonly majors: readonly number[] };
  /** Absent: nothing is installed, and no lock is needed. */
  readonly lock?: { readonly file: string; readonly content: NodeLock };
  /** Literal lines of the file that the facts above stand on, by line. */
  readonly quotes: Readonly<Record<string, string>>;
}

/** A project, or why its build is not understood. */
export type NodeReading =
  | { readonly kind: "project"; readonly project: NodeProject; readonly warnings: readonly string[] }
  | { readonly kind: "unclear"; readonly file: string; readonly problem: string };

/** Lock files of other package managers. */
const OTHER_LOCKS: Readonly<Record<string, string>> = {
  "yarn.lock": "yarn",
  "pnpm-lock.yaml": "pnpm",
  "bun.lock": "bun",
  "bun.lockb": "bun",
};
/** The majors that a set of packages may have, the newest first. */
const MAJORS = [26, 25, 24, 23, 22, 21, 20, 18];
const NAME = /^[A-Za-z0-9_][\w.+-]*$/;
/** Words that a shell leaves as they are, inside the folder. */
const PLACE = /^(?!.*\.\.)(?:[\w@.+-]+\/)*[\w@.+-]+$/;

/** undefined: there is no package.json at the root or one folder below. */
export async function readNodeProject(tree: TrackedTree): Promise<NodeReading | undefined> {
  const found = tree.entries.flatMap(({ path, kind }) =>
    kind === "file" && posix.basename(path) === "package.json" && path.split("/").length <= 2 ? [path] : [],
  );
  const [file, ...others] = found.includes("package.json") ? ["package.json"] : found;
  if (file === undefined) return undefined;
  const unclear = (problem: string): NodeReading => ({ kind: "unclear", file, problem });
  if (others.length > 0) return unclear(`several folders have a package of their own: ${found.join(", ")}`);
  const root = posix.dirname(file);
  const text = await tree.text(file);
  if (!text?.valid) return unclear(`${file} cannot be read as UTF-8`);
  const manifest = readManifest(text.text);
  if (typeof manifest === "string") return unclear(`${file} ${manifest}`);
  const has = (path: string): boolean => tree.has(posix.join(root, path));
  const locked = await lockOf(manifest, root, tree);
  if (typeof locked === "string") return unclear(locked);
  const members = await workspaceMembers(manifest.workspaces, root, tree);
  if (typeof members === "string") return unclear(`${file} ${members}`);
  const read = manifest.workspaces.length > 0 ? readWorkspaces(manifest, members, has) : readPackage(manifest, has);
  if (typeof read === "string") return unclear(`${file} ${read}`);
  const lines = keyLines(text.text);
  const line = (key: string): number => lines.get(key) ?? 1;
  const texts = text.text.split(/\r?\n/);
  const { programs, built, started, ...facts } = read;
  const programLine = (name: string): number =>
    lines.get(`bin.${name}`) ?? line(started ? "scripts.start" : read.workspaces ? "workspaces" : "bin");
  const project: Omit<NodeProject, "quotes"> = {
    ...facts,
    root,
    file,
    sha256: text.sha256,
    version: { value: read.version, line: line("version") },
    programs: programs.map(({ name, path }) => ({ name, path, line: programLine(name) })),
    ...(built !== undefined && {
      build: { script: built, line: line(read.workspaces?.buildsEach ? "workspaces" : `scripts.${built}`) },
    }),
    ...((hasTests(manifest) || read.workspaces?.testsEach === true) && {
      tests: { line: line(read.workspaces?.testsEach ? "workspaces" : "scripts.test") },
    }),
    ...(manifest.engine !== undefined && {
      engine: {
        range: manifest.engine,
        line: line("engines.node"),
        majors: MAJORS.filter((major) => allowsMajor(manifest.engine ?? "", major) !== false),
      },
    }),
    ...(locked.lock && { lock: locked.lock }),
  };
  const cited = [project.version, ...project.programs, project.build, project.tests, project.engine];
  const quotes = Object.fromEntries(
    cited.flatMap((fact) => (fact ? [[String(fact.line), (texts[fact.line - 1] ?? "").trim().slice(0, 200)]] : [])),
  );
  return { kind: "project", project: { ...project, quotes }, warnings: locked.warnings };
}

type Read = Pick<
  NodeProject,
  "packageName" | "description" | "license" | "programsBy" | "scopedBin" | "packing" | "made" | "workspaces"
> & {
  readonly version: string;
  readonly programs: readonly { readonly name: string; readonly path: string }[];
  readonly built: string | undefined;
  readonly started: boolean;
};

/** @returns what is not understood, as the end of a sentence about package.json */
export function readPackage(manifest: NodeManifest, has: (path: string) => boolean): Read | string {
  const { name, version, description, license, bin, binIsText, scripts } = manifest;
  if (name === undefined || name === "" || version === undefined || version === "")
    return "states no name or no version, and npm packs no package without them";
  if (has("binding.gyp")) return "stands beside binding.gyp: an addon in C++ is built, which the recipe does not know";
  const start = bin.length === 0 ? startedFile(scripts.get("start")) : undefined;
  const own = withoutScope(name);
  const programs = start ? [{ name: own, path: start.path }] : bin;
  const odd = programs.find((program) => !NAME.test(program.name) || !PLACE.test(program.path));
  if (odd) return `names the program ${odd.name} (${odd.path}), and neither may need a shell's quotes`;
  const missing = programs.filter(({ path }) => !exists(path, has));
  const built = buildScript(manifest, missing.length > 0);
  if (missing.length > 0 && built === undefined)
    return `names the program ${missing[0]?.path}, which is not in the repository, and no script that builds it`;
  if (programs.length === 0 && !isLibrary(manifest, has))
    return "names no program (no bin, and no start script that runs a file with node) and no library (no main or exports)";
  const folder = missing[0]?.path.includes("/") ? missing[0].path.split("/")[0] : undefined;
  return {
    packageName: name,
    version,
    ...(description !== undefined && { description }),
    ...(license !== undefined && { license }),
    programs,
    programsBy: start ? { kind: "start", flags: start.flags } : { kind: programs.length === 0 ? "none" : "bin" },
    scopedBin: binIsText && name.startsWith("@"),
    packing: packingScripts(manifest),
    built,
    // npm packs what `bin` names whatever is ignored; nothing protects what the start script runs.
    ...(folder !== undefined && !manifest.files && { made: folder }),
    started: start !== undefined,
  };
}

/** Programs of all members, installed with their folders as they lie: `node_modules` links to them. */
export function readWorkspaces(
  manifest: NodeManifest,
  members: readonly WorkspaceMember[],
  has: (path: string) => boolean,
): Read | string {
  const programs = members.flatMap(({ folder, manifest: { bin } }) =>
    bin.map(({ name, path }) => ({ name, path: posix.join(folder, path) })),
  );
  const [main] = programs;
  const first = members.find(({ manifest: { bin } }) => bin.length > 0)?.manifest;
  if (main === undefined) return "has workspaces, and none of them names a program (bin)";
  const odd = programs.find(({ name, path }) => !NAME.test(name) || !PLACE.test(path));
  if (odd) return `has the program ${odd.name} (${odd.path}) in a workspace, and neither may need a shell's quotes`;
  const missing = programs.find(({ path }) => !exists(path, has));
  const own = buildScript(manifest, false);
  const each = own === undefined && members.some((member) => buildScript(member.manifest, false) !== undefined);
  if (missing && own === undefined && !each)
    return `has the program ${missing.path} in a workspace, which is not in the repository, and no script that builds it`;
  const license = manifest.license ?? first?.license;
  const description = manifest.description ?? first?.description;
  return {
    packageName: manifest.name ?? main.name,
    version: manifest.version ?? first?.version ?? "0-unstable",
    ...(description !== undefined && { description }),
    ...(license !== undefined && { license }),
    programs,
    programsBy: { kind: "bin" },
    scopedBin: false,
    packing: [],
    built: own ?? (each ? "build" : undefined),
    workspaces: {
      folders: members.map(({ folder }) => folder),
      buildsEach: each,
      testsEach: !hasTests(manifest) && members.some((member) => hasTests(member.manifest)),
    },
    started: false,
  };
}

/** Node finds a file without its extension in packages of the old kind. */
const exists = (path: string, has: (path: string) => boolean): boolean => has(path) || has(`${path}.js`);

const isLibrary = ({ main, exports }: NodeManifest, has: (path: string) => boolean): boolean =>
  main !== undefined || exports || has("index.js");

type Locked = { readonly lock: NodeProject["lock"]; readonly warnings: readonly string[] };

/** @returns why the dependencies cannot be had by npm, with what to do */
async function lockOf(manifest: NodeManifest, root: string, tree: TrackedTree): Promise<Locked | string> {
  const at = (name: string): string => posix.join(root, name);
  const other = Object.entries(OTHER_LOCKS).find(([name]) => tree.has(at(name)));
  const file = [at("npm-shrinkwrap.json"), at("package-lock.json")].find((path) => tree.has(path));
  const count = manifest.dependencies.size;
  if (file === undefined) {
    if (other) return `${at(other[0])} shows that ${other[1]} installs the dependencies, and the recipe knows npm alone`;
    if (count === 0) return { lock: undefined, warnings: [] };
    return `${at("package.json")} names ${count} ${count === 1 ? "dependency" : "dependencies"}, and no package-lock.json is committed: run \`npm install --package-lock-only\` and commit it`;
  }
  if (file.endsWith("npm-shrinkwrap.json")) return `${file} is a lock that nixpkgs does not read; package-lock.json is`;
  const text = await tree.text(file);
  if (!text?.valid) return `${file} cannot be read as UTF-8, or is larger than the survey reads`;
  const lock = readNodeLock(text.text);
  if (typeof lock === "string") return `${file} ${lock}`;
  const lacking = [...manifest.dependencies].flatMap(([name, wanted]) =>
    lock.direct.includes(name) || /^(?:workspace|link):/.test(wanted) ? [] : [name],
  );
  const renew = "run `npm install --package-lock-only` and commit the new lock";
  if (lacking.length > 0)
    return `${file} is behind package.json: it lacks ${lacking.slice(0, 5).join(", ")}, and \`npm ci\` refuses that; ${renew}`;
  const nowhere = lock.packages.filter(({ from }) => from === "nowhere").map(({ name }) => name);
  if (nowhere.length > 0)
    return `${file} does not say where ${nowhere.slice(0, 5).join(", ")} ${nowhere.length === 1 ? "comes" : "come"} from, or not with a hash, so that nothing can be fetched by it; delete it, run \`npm install\` and commit the new lock`;
  return {
    lock: { file, content: lock },
    warnings: other ? [`${at(other[0])} lies beside ${file}; the flake goes by npm's`] : [],
  };
}
