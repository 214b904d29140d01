import { posix } from "node:path";
import { readTree, type TrackedTree } from "../tracked-tree.ts";

/**
 * What a project tells those who work on it: AGENTS.md, CLAUDE.md, CONTRIBUTING.md, the README and its docs, as they are committed. It is read as
 * data, within a budget; what did not fit is named.
 */

export interface ProjectNote {
  /** Relative to the repository. */
  readonly source: string;
  readonly text: string;
}

export interface ProjectNotes {
  readonly notes: readonly ProjectNote[];
  /** One sentence each. */
  readonly leftOut: readonly string[];
}

/** Characters of all notes together, about 3,000 tokens. */
export const NOTE_CHARACTERS = 12_000;

export interface NotesWanted {
  readonly ref: string;
  /** The wish or the request: files and folders that it names are where the change will be. */
  readonly about: string;
  /** Folders and files of documents, relative to the repository. */
  readonly docs: readonly string[];
  readonly characters: number;
}

const DOCUMENT = /\.(?:md|markdown|mdx|txt|rst|adoc|org)$/iu;
const README = /^readme(?:\.(?:md|markdown|txt|rst))?$/iu;

export async function projectNotes(directory: string, wanted: NotesWanted): Promise<ProjectNotes> {
  if (wanted.characters === 0) return { notes: [], leftOut: [] };
  const tree = await readTree(directory, wanted.ref);
  const paths = tree.entries.filter(({ kind }) => kind === "file").map(({ path }) => path);
  const { read, far } = orderOf(paths, wanted);
  await tree.load(read);
  return within(read, far, tree, wanted.characters);
}

/** Which files, in which order: the nearest guide of those for agents first, what everybody may read last. Pure. */
export function orderOf(
  paths: readonly string[],
  { about, docs }: Pick<NotesWanted, "about" | "docs">,
): { readonly read: readonly string[]; readonly far: readonly string[] } {
  const near = foldersNear(paths, about);
  const called = (names: readonly string[]): readonly string[] =>
    near.flatMap((folder) => paths.filter((path) => posix.dirname(path) === folder && names.includes(posix.basename(path))));
  const agents = called(["AGENTS.md"]);
  const read = [
    ...agents,
    ...called(["CLAUDE.md"]),
    ...called(["CONTRIBUTING.md"]),
    ...paths.filter((path) => path === ".github/CONTRIBUTING.md" || path === "docs/CONTRIBUTING.md"),
    ...paths.filter((path) => README.test(path)),
    ...paths.filter((path) => DOCUMENT.test(path) && docs.some((doc) => path === doc || path.startsWith(`${doc}/`))),
  ];
  const far = paths.filter((path) => posix.basename(path) === "AGENTS.md" && !agents.includes(path));
  return { read: [...new Set(read)], far };
}

/** Folders of the files and folders that a text names, and all above them; the deepest first, the root last. */
function foldersNear(paths: readonly string[], about: string): readonly string[] {
  const folders = new Set(paths.flatMap((path) => upwards(posix.dirname(path))));
  const files = new Set(paths);
  const words = new Set(about.split(/[^\w/.-]+/u).map((word) => word.replace(/^\.\/|(?<![.,:;/])[.,:;/]+$/gu, "")));
  const named = [...words].flatMap((word) => (folders.has(word) ? [word] : files.has(word) ? [posix.dirname(word)] : []));
  const depth = (folder: string): number => (folder === "." ? 0 : folder.split("/").length);
  return [...new Set([...named.flatMap(upwards), "."])].sort((a, b) => depth(b) - depth(a) || (a < b ? -1 : 1));
}

const upwards = (folder: string): readonly string[] =>
  folder === "." || folder === "/" ? ["."] : [folder, ...upwards(posix.dirname(folder))];

async function within(
  read: readonly string[],
  far: readonly string[],
  tree: TrackedTree,
  characters: number,
): Promise<ProjectNotes> {
  const notes: ProjectNote[] = [];
  const leftOut = far.map((path) => `${path}: not near what is changed`);
  const seen = new Set<string>();
  let room = characters;
  for (const source of read) {
    const file = await tree.text(source);
    // CLAUDE.md is often AGENTS.md once more.
    if (file === undefined || !file.valid || file.text.trim() === "" || seen.has(file.sha256)) continue;
    seen.add(file.sha256);
    const lines = file.text.split(/\r?\n/u);
    const fitting = linesWithin(lines, room);
    const whole = fitting === lines.length;
    if (fitting > 0) notes.push({ source, text: lines.slice(0, fitting).join("\n") });
    if (!whole)
      leftOut.push(fitting === 0 ? `${source} (${file.text.length} characters)` : `${source} from line ${fitting + 1} on`);
    // What comes later is not worth more than the rest of this.
    room = whole ? room - file.text.length : 0;
  }
  return { notes, leftOut };
}

/** How many whole lines fit. */
function linesWithin(lines: readonly string[], room: number): number {
  let used = 0;
  for (const [index, line] of lines.entries()) {
    used += line.length + (index + 1 < lines.length ? 1 : 0);
    if (used > room) return index;
  }
  return lines.length;
}
