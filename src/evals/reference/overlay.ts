import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FAKE_HASH } from "../../nix/hash.ts";
import type { Edit } from "../../tools/contract.ts";
import { PARTS, type Task } from "../task/task.ts";

/** An overlay of a task (`solution/`, `hacks/NAME/`) as a model would write it: whole texts, and files that go. */
export interface Overlay {
  readonly files: ReadonlyMap<string, string>;
  readonly deleted: readonly string[];
  /** `CRQ.md`: the document of a draft, which is no file of the repository. */
  readonly document: string | undefined;
}

export class OverlayError extends Error {
  override readonly name = "OverlayError";
}

const DELETE = ".delete";
const DOCUMENT = "CRQ.md";
const NO_FILES: ReadonlySet<string> = new Set([DELETE, DOCUMENT, "hack.toml"]);

/**
 * @param name `solution`, `solution-NAME` or `hacks/NAME`
 * @throws OverlayError for what cannot be proposed as text
 */
export async function readOverlay(task: Task, name: string): Promise<Overlay> {
  const paths = below(task, name);
  const read = (path: string): Promise<string> => readText(task, `${name}/${path}`);
  const files = await Promise.all(
    paths.filter((path) => !NO_FILES.has(path)).map(async (path): Promise<[string, string]> => [path, await read(path)]),
  );
  const deleted = paths.includes(DELETE) ? (await read(DELETE)).split("\n").map((line) => line.trim()) : [];
  return {
    files: new Map(files),
    deleted: deleted.filter((line) => line !== "" && !line.startsWith("#")),
    document: paths.includes(DOCUMENT) ? await read(DOCUMENT) : undefined,
  };
}

/** An SRI hash, as fetchers take it. */
const SRI = /sha256-[A-Za-z0-9+/]{43}=/gu;

/**
 * An overlay as a model may propose it: a hash that the fixture does not hold has to come from Nix (`nix/gate/hash-rules.ts`), so a place that
 * a build fills stands for it.
 */
export async function withHashesToFill(task: Task, overlay: Overlay): Promise<Overlay> {
  const files = new Map<string, string>();
  for (const [path, text] of overlay.files) {
    const before = new Set((path.endsWith(".nix") ? await fixtureText(task, path) : undefined)?.match(SRI));
    files.set(path, path.endsWith(".nix") ? text.replace(SRI, (hash) => (before.has(hash) ? hash : FAKE_HASH)) : text);
  }
  return { ...overlay, files };
}

/** A file of the fixture, before any patch; undefined: there is none. */
export const fixtureText = async (task: Task, path: string): Promise<string | undefined> =>
  task.leaves.some((leaf) => leaf.path === `${PARTS.repository}/${path}` && leaf.mode !== "120000")
    ? readText(task, `${PARTS.repository}/${path}`)
    : undefined;

/** Paths of the files below a part of the task, relative to it. */
export const below = (task: Task, folder: string): readonly string[] =>
  task.leaves.flatMap(({ path }) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []));

/** As edits of a proposal. A file that the fixture never had need not go. */
export function overlayEdits(task: Task, { files, deleted }: Pick<Overlay, "files" | "deleted">): readonly Edit[] {
  const there = new Set(below(task, PARTS.repository));
  return [
    ...deleted.filter((path) => there.has(path)).map((path): Edit => ({ path, delete: true })),
    ...[...files].map(([path, create]): Edit => ({ path, create })),
  ];
}

async function readText(task: Task, path: string): Promise<string> {
  const file = join(task.directory, path);
  const leaf = task.leaves.find((one) => one.path === path);
  if (leaf?.mode === "120000") throw new OverlayError(`${file}: a link cannot be proposed; put a file there`);
  const bytes = await readFile(file);
  if (bytes.includes(0)) throw new OverlayError(`${file}: is no text, and a proposal holds nothing else; let the flake make it`);
  return bytes.toString("utf8");
}
