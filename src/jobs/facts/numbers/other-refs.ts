import { createHash } from "node:crypto";
import type { Catalogue } from "../../../crq/catalogue/catalogue.ts";
import { documentId, numberOf, numbersIn } from "../../../crq/ids.ts";
import { flakeBranches, type Mention } from "../../../crq/numbering.ts";
import { readHead } from "../../../crq/parse/head.ts";
import { decodeCrq, MAX_CRQ_BYTES } from "../../../crq/parse.ts";
import { listRefs, type Ref } from "../../../repo/refs/list-refs.ts";
import { readBlobs, type TreeEntry, Trees } from "../../../repo/refs/walk.ts";

/** What the refs of a repository say of CRQs: their names, the files they hold, the documents that use a number of this tree. No network. */
export interface OtherRefs {
  /** Everything on other refs that may hold a number. */
  readonly mentions: readonly Mention[];
  /** Documents that are not in this tree as they stand there and use a number of this tree, or have none in their name. */
  readonly documents: readonly RefDocument[];
  /** What was left out, for the person. */
  readonly notes: readonly string[];
}

export interface RefDocument {
  /** The refs that hold it so, the first one first. */
  readonly refs: readonly Ref[];
  /** In the repository. */
  readonly path: string;
  readonly id: string;
  readonly title: string;
}

/** Refs whose commits lie beyond this count are read by their names alone. */
const MAX_COMMITS = 2_000;
const DOCUMENTS = { maxBytes: MAX_CRQ_BYTES, maxTotal: 32 * 1024 * 1024 };
const FLAKES = { maxBytes: 2 * 1024 * 1024, maxTotal: 64 * 1024 * 1024 };
const IS_FLAKE = /(?:\.nix|^flake\.lock)$/;

/** A file of the CRQ folder on some refs, the same text under the same name once. */
interface RefFile {
  readonly path: string;
  readonly object: string;
  /** The first refs that hold it. */
  readonly refs: readonly Ref[];
}

/** The CRQ folder as some refs have it. */
interface RefFolder {
  readonly tree: string;
  readonly refs: readonly Ref[];
}

/** @param crqFolder relative to the repository root */
export async function readOtherRefs(root: string, crqFolder: string, catalogue: Catalogue): Promise<OtherRefs> {
  const refs = await listRefs(root);
  const notes: string[] = [];
  const mentions: Mention[] = refs.flatMap((ref) => mentionOfRef(ref));
  const byCommit = new Map<string, Ref[]>();
  for (const ref of refs) if (ref.holdsFiles) byCommit.set(ref.object, [...(byCommit.get(ref.object) ?? []), ref]);
  const commits = [...byCommit.keys()].slice(0, MAX_COMMITS);
  if (commits.length < byCommit.size)
    notes.push(
      `${byCommit.size - commits.length} of ${byCommit.size} commits of refs were not looked into, only the refs' names were read`,
    );
  const trees = new Trees(root);
  await trees.load(commits);
  const unknown = commits.filter((commit) => !trees.isKnown(commit)).length;
  if (unknown > 0) notes.push(`${unknown} commits of other refs could not be read: this clone does not have their files`);
  if (trees.unread > 0)
    notes.push(`${trees.unread} folders of other refs were not read (this clone does not have them, or there are too many)`);

  const folders = foldersOf(trees, byCommit, commits, crqFolder);
  const files = filesOf(trees, folders);
  for (const { path, refs: holders } of files) mentions.push({ origin: "tree", name: path, where: `on ${nameOf(holders)}` });
  const { documents, unread } = await readDocuments(root, crqFolder, catalogue, files, (file) => holdersOf(trees, folders, file));
  if (unread > 0)
    notes.push(`${unread} documents of other refs were not read (this clone does not have them, or they are too large)`);
  for (const { id, path, refs: holders } of documents)
    mentions.push({ origin: "document", name: id, where: `${path} on ${nameOf(holders)}` });
  const flakes = await readFlakes(root, trees, byCommit, commits);
  mentions.push(...flakes.mentions);
  if (flakes.unread > 0) notes.push(`${flakes.unread} Nix or lock files of other refs were not read (too large, or too many)`);
  return { mentions, documents, notes };
}

/** `feature/x and 2 more`. */
export function nameOf(refs: readonly Ref[]): string {
  const first = refs[0]?.name ?? "another ref";
  return refs.length > 1 ? `${first} and ${refs.length - 1} more` : first;
}

function mentionOfRef({ kind, name }: Ref): Mention[] {
  switch (kind) {
    case "branch":
    case "remote":
      return [{ origin: "branch", name }];
    case "tag":
      return [{ origin: "tag", name }];
    case "other":
      return [{ origin: "ref", name }];
    case "stash":
    case "worktree":
      // They have no name of their own; what they hold counts.
      return [];
  }
}

/** The CRQ folder of all refs, each state of it once. */
function foldersOf(
  trees: Trees,
  byCommit: ReadonlyMap<string, readonly Ref[]>,
  commits: readonly string[],
  crqFolder: string,
): readonly RefFolder[] {
  const folders = new Map<string, Ref[]>();
  for (const commit of commits) {
    const tree = trees.folder(commit, crqFolder);
    if (tree === undefined) continue;
    const refs = folders.get(tree) ?? [];
    refs.push(...(byCommit.get(commit) ?? []));
    folders.set(tree, refs);
  }
  return [...folders].map(([tree, refs]) => ({ tree, refs }));
}

/** Every file of the folders, once for each name and text. Reports are no documents. */
function filesOf(trees: Trees, folders: readonly RefFolder[]): readonly RefFile[] {
  const files: RefFile[] = [];
  // Trees that share a stretch share its entries; the strings are compared where they do not.
  const seenEntries = new Map<string, Set<TreeEntry>>();
  const seenNames = new Set<string>();
  for (const { tree, refs } of folders) {
    const walk = (id: string, prefix: string): void => {
      const seen = seenEntries.get(prefix) ?? new Set<TreeEntry>();
      seenEntries.set(prefix, seen);
      for (const entry of trees.entries(id)) {
        if (seen.has(entry)) continue;
        seen.add(entry);
        const path = prefix + entry.name;
        if (entry.kind === "folder") {
          if (path !== "reports" && !entry.name.startsWith(".")) walk(entry.object, `${path}/`);
        } else if (entry.kind === "file" && !seenNames.has(`${entry.object} ${path}`)) {
          seenNames.add(`${entry.object} ${path}`);
          files.push({ path, object: entry.object, refs });
        }
      }
    };
    walk(tree, "");
  }
  return files;
}

/** All refs that hold a file just so. */
function holdersOf(trees: Trees, folders: readonly RefFolder[], { path, object }: RefFile): readonly Ref[] {
  const parts = path.split("/");
  const name = parts.pop() ?? path;
  return folders.flatMap(({ tree, refs }) => {
    const folder = parts.reduce((id, part) => trees.entry(id, part)?.object ?? "", tree);
    return trees.entry(folder, name)?.object === object ? refs : [];
  });
}

/** Reads the heads of documents whose id a name does not tell, and of those that use a number of this tree. */
async function readDocuments(
  root: string,
  crqFolder: string,
  catalogue: Catalogue,
  files: readonly RefFile[],
  holders: (file: RefFile) => readonly Ref[],
): Promise<{ readonly documents: readonly RefDocument[]; readonly unread: number }> {
  const own = new Set(catalogue.entries.flatMap(({ id }) => (id === undefined ? [] : [numberOf(id)])));
  const algorithm = (files[0]?.object.length ?? 40) === 64 ? "sha256" : "sha1";
  const same = new Set(catalogue.entries.map(({ path, source }) => `${blobId(algorithm, source)} ${path}`));
  const wanted = files.filter(({ path, object }) => {
    if (!/\.(?:md|markdown)$/i.test(path) || path === "INDEX.md" || same.has(`${object} ${path}`)) return false;
    const { numbers } = numbersIn(path.split("/").at(-1) ?? path);
    return numbers.length === 0 || numbers.some((number) => own.has(number));
  });
  const byObject = Map.groupBy(wanted, ({ object }) => object);
  const documents: RefDocument[] = [];
  const unread = await readBlobs(root, [...byObject.keys()], DOCUMENTS, (object, bytes) => {
    for (const file of byObject.get(object) ?? []) {
      const { path } = file;
      const decoded = decodeCrq(path, bytes);
      if ("problem" in decoded) continue;
      const { title, metadata } = readHead(path, decoded.source);
      const id = documentId({ block: metadata?.id, title: title?.id, fileName: path.split("/").at(-1) ?? path });
      if (id !== undefined)
        documents.push({ refs: holders(file), path: `${crqFolder}/${path}`, id, title: metadata?.title ?? title?.text ?? "" });
    }
  });
  return { documents, unread };
}

/** The name git gives to a text. */
function blobId(algorithm: "sha1" | "sha256", text: string): string {
  const bytes = Buffer.from(text, "utf8");
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** CRQ branches that Nix and lock files of the refs use. */
async function readFlakes(
  root: string,
  trees: Trees,
  byCommit: ReadonlyMap<string, readonly Ref[]>,
  commits: readonly string[],
): Promise<{ readonly mentions: readonly Mention[]; readonly unread: number }> {
  const names = new Map<string, string>();
  for (const [, entries] of trees.all())
    for (const { kind, name, object } of entries) if (kind === "file" && IS_FLAKE.test(name)) names.set(object, name);
  const mentions: Mention[] = [];
  const found: { readonly object: string; readonly branch: string }[] = [];
  const unread = await readBlobs(root, [...names.keys()], FLAKES, (object, bytes) => {
    for (const branch of flakeBranches(bytes.toString("latin1"))) found.push({ object, branch });
  });
  const places = placesOf(trees, byCommit, commits, new Set(found.map(({ object }) => object)));
  for (const { object, branch } of found)
    mentions.push({ origin: "flake", name: branch, where: places.get(object) ?? names.get(object) ?? "a flake" });
  return { mentions, unread };
}

/** `PATH on REF` for the few files that name a CRQ branch. */
function placesOf(
  trees: Trees,
  byCommit: ReadonlyMap<string, readonly Ref[]>,
  commits: readonly string[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const seen = new Set<string>();
  for (const commit of commits) {
    if (places.size === wanted.size) break;
    const walk = (tree: string, prefix: string): void => {
      if (seen.has(tree)) return;
      seen.add(tree);
      for (const { kind, name, object } of trees.entries(tree)) {
        if (kind === "folder") walk(object, `${prefix}${name}/`);
        else if (wanted.has(object) && !places.has(object))
          places.set(object, `${prefix}${name} on ${nameOf(byCommit.get(commit) ?? [])}`);
      }
    };
    const rootTree = trees.folder(commit, ".");
    if (rootTree !== undefined) walk(rootTree, "");
  }
  return places;
}
