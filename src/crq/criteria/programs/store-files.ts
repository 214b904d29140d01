import { lstat, readdir, readlink } from "node:fs/promises";
import { posix } from "node:path";
import type { ExecutionEnvironment } from "../../../system/environment/execution-environment.ts";

/**
 * Looks at build outputs from outside. Links are followed as they would resolve where the store is at its real place: an absolute target
 * counts only inside the store, so that an output cannot borrow a file of the machine.
 */

export interface StoreFile {
  readonly kind: "file" | "directory" | "other";
  readonly size: number;
  readonly executable: boolean;
  /** Real store path, links resolved. */
  readonly path: string;
}

const MOST_LINKS = 40;
const STORE = "/nix/store";

/** The file at a store path (`/nix/store/HASH-NAME/bin/x`); undefined when there is none inside the store. */
export async function storeFile(environment: ExecutionEnvironment, path: string): Promise<StoreFile | undefined> {
  let pending = posix.normalize(path);
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    if (pending !== STORE && !pending.startsWith(`${STORE}/`)) return undefined;
    const step = await firstLink(environment, pending);
    if (step === undefined) return undefined;
    if ("file" in step) return step.file;
    pending = posix.normalize(step.link);
  }
  return undefined;
}

/** Walks the components below the store until one is a link, and gives the path with that link replaced. */
async function firstLink(
  environment: ExecutionEnvironment,
  path: string,
): Promise<{ readonly file: StoreFile } | { readonly link: string } | undefined> {
  const names = path.slice(STORE.length + 1).split("/");
  let walked = STORE;
  for (const [at, name] of names.entries()) {
    const here = `${walked}/${name}`;
    const facts = await lstat(environment.hostPath(here)).catch(() => undefined);
    if (!facts) return undefined;
    if (facts.isSymbolicLink()) {
      const target = await readlink(environment.hostPath(here));
      return { link: posix.join(posix.resolve(walked, target), ...names.slice(at + 1)) };
    }
    if (at === names.length - 1) {
      const kind = facts.isFile() ? "file" : facts.isDirectory() ? "directory" : "other";
      return { file: { kind, size: facts.size, executable: (facts.mode & 0o111) !== 0, path: here } };
    }
    walked = here;
  }
  return undefined;
}

/** Directories a search for content enters; an output that hides its first file behind more is taken for empty. */
const MOST_DIRECTORIES = 20_000;

/** The first non-empty file below a store path, links followed, of that base name where one is given; undefined when there is none. */
export async function firstContent(environment: ExecutionEnvironment, path: string, name?: string): Promise<string | undefined> {
  const queue = [path];
  const seen = new Set<string>();
  for (let entered = 0; queue.length > 0 && entered < MOST_DIRECTORIES; entered += 1) {
    const asked = queue.shift() ?? path;
    const next = await storeFile(environment, asked);
    if (!next) continue;
    if (next.kind === "file" && next.size > 0 && (name === undefined || posix.basename(asked) === name)) return next.path;
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    if (next.kind !== "directory") continue;
    const names = await readdir(environment.hostPath(next.path));
    // Files first: the answer is usually near.
    for (const name of names.sort()) queue.push(`${next.path}/${name}`);
  }
  return undefined;
}
