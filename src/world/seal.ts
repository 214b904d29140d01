import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMadeUp, type Leaf, leavesBelow, listTree, madeUpRevision } from "./content/listing.ts";
import { REFS_FILE, REVISION, type RefsFile, refsSchema } from "./content/manifest.ts";
import { lineOfKey, parseToml } from "./content/toml.ts";
import { WorldError, type WorldProblem } from "./problem.ts";

export interface Sealed {
  /** `github/OWNER/REPO`. */
  readonly repository: string;
  readonly from: string;
  readonly to: string;
}

interface RefsText {
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  readonly refs: RefsFile;
}

/**
 * Gives every edited tree of a world its revision again: renames its folder and rewrites the refs.toml files that name it. Trees with a
 * real revision stay as they are.
 * @throws WorldError before anything is changed, where a refs.toml does not parse or two trees would get one name
 */
export async function sealWorld(directory: string): Promise<readonly Sealed[]> {
  const leaves = leavesBelow(await listTree(directory), "github");
  const files = await readRefs(join(directory, "github"), leaves);
  const moves = files.flatMap(({ folder }) => treeMoves(folder, leavesBelow(leaves, folder)));
  const problems = collisions(directory, leaves, moves);
  if (problems.length > 0) throw new WorldError("content", problems);
  for (const { repository, from, to } of moves) {
    await rename(join(directory, repository, from), join(directory, repository, to));
  }
  for (const file of files) {
    const from = file.refs["tree-from"]?.toLowerCase();
    const own = moves.filter(({ repository }) =>
      [file.folder.toLowerCase(), from].includes(repository.slice("github/".length).toLowerCase()),
    );
    const text = own.reduce((written, move) => renameRevision(written, file.refs, move), file.text);
    if (text !== file.text) await writeFile(file.file, text);
  }
  return moves;
}

async function readRefs(directory: string, leaves: readonly Leaf[]): Promise<RefsText[]> {
  const found = leaves.filter((leaf) => /^[^/]+\/[^/]+\/refs\.toml$/.test(leaf.path));
  const problems: WorldProblem[] = [];
  const read: RefsText[] = [];
  for (const { path } of found) {
    const file = join(directory, path);
    const text = await readFile(file, "utf8");
    const refs = parseToml(file, text, refsSchema);
    if (refs.ok) read.push({ file, folder: path.slice(0, -REFS_FILE.length - 1), text, refs: refs.value });
    else problems.push(...refs.problems);
  }
  if (problems.length > 0) throw new WorldError("content", problems);
  return read;
}

function treeMoves(folder: string, leaves: readonly Leaf[]): Sealed[] {
  const entries = new Set(
    leaves.filter((leaf) => leaf.path.includes("/")).map((leaf) => leaf.path.slice(0, leaf.path.indexOf("/"))),
  );
  return [...entries]
    .filter((entry) => !REVISION.test(entry) || isMadeUp(entry))
    .map((from) => ({ repository: `github/${folder}`, from, to: madeUpRevision(leavesBelow(leaves, from)) }))
    .filter(({ from, to }) => from !== to);
}

function collisions(directory: string, leaves: readonly Leaf[], moves: readonly Sealed[]): WorldProblem[] {
  return moves.flatMap((move): WorldProblem[] => {
    const twin = moves.find((other) => other !== move && other.repository === move.repository && other.to === move.to);
    const isThere = leaves.some((leaf) => `github/${leaf.path}`.startsWith(`${move.repository}/${move.to}/`));
    if (!twin && !isThere) return [];
    return [
      {
        file: join(directory, move.repository, move.from),
        message: `is the same tree as ${twin?.from ?? move.to}`,
        next: "remove one of the two and name the other in refs.toml",
      },
    ];
  });
}

/** Edits the lines that name the revision, so that comments and order stay. */
function renameRevision(text: string, refs: RefsFile, { from, to }: Sealed): string {
  const lines = text.split("\n");
  const edit = (path: readonly string[]): void => {
    const index = lineOfKey(text, path) - 1;
    const line = lines[index] ?? "";
    // A ref may have the same name as the placeholder of its tree: the value comes last on its line, the key of a table is alone on its own.
    const at = Math.max(line.lastIndexOf(`"${from}"`), line.lastIndexOf(`'${from}'`));
    if (at >= 0) lines[index] = `${line.slice(0, at)}"${to}"${line.slice(at + from.length + 2)}`;
    else lines[index] = line.replace(`rev.${from}]`, `rev."${to}"]`);
  };
  for (const [ref, revision] of Object.entries(refs.refs ?? {})) if (revision === from) edit(["refs", ref]);
  if (refs.rev?.[from]) edit(["rev", from]);
  return lines.join("\n");
}
