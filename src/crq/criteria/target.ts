import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readFile, readlink, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import picomatch from "picomatch";
import { git, tryGit } from "../../system/git.ts";

/** What a check may look at: the tracked files of a git worktree, and the commit the change started from. */

/** Larger files are not read; a check that needs one fails and says so. */
export const MAX_READ_BYTES = 16 * 1024 * 1024;

/** A list of paths that git prints is kept whole up to here. */
const MAX_LIST_BYTES = 512 * 1024 * 1024;

export type ReadFile =
  | { readonly ok: true; readonly bytes: Buffer; readonly text: string }
  | { readonly ok: false; readonly why: "missing" | "outside" | "too-large" | "not-a-file"; readonly message: string };

export interface TargetPlace {
  /** Absolute; a git worktree that holds tracked files only. */
  readonly directory: string;
  /** The commit the change started from; must exist in the worktree's repository. */
  readonly base: string;
  readonly git?: string;
}

export class Target {
  readonly directory: string;
  readonly base: string;
  /** Tracked paths relative to the directory, in git's order, intent-to-add included; a path that is gone from the worktree is not listed. */
  readonly files: readonly string[];
  readonly #tracked: ReadonlySet<string>;
  readonly #git: string | undefined;
  readonly #root: string;

  constructor(place: TargetPlace, root: string, files: readonly string[]) {
    this.directory = place.directory;
    this.base = place.base;
    this.#git = place.git;
    this.#root = root;
    this.files = files;
    this.#tracked = new Set(files);
  }

  has(path: string): boolean {
    return this.#tracked.has(normal(path));
  }

  get hasFlake(): boolean {
    return this.has("flake.nix");
  }

  /** Tracked files that match any of the globs (a plain path is a glob too); dot files count. */
  matching(globs: readonly string[]): readonly string[] {
    if (globs.length === 0) return [];
    const matches = picomatch(globs.map(normal), { dot: true });
    return this.files.filter((file) => matches(file));
  }

  /** Reads a file of the target, tracked or not; links are followed only as long as they stay inside. */
  async read(path: string): Promise<ReadFile> {
    const relative = normal(path);
    const real = await this.#resolve(relative);
    if (!real.ok) return real;
    const handle = await open(real.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) return { ok: false, why: "not-a-file", message: `${relative} is not a regular file` };
      if (facts.size > MAX_READ_BYTES) {
        return {
          ok: false,
          why: "too-large",
          message: `${relative} has ${facts.size} bytes; checks read at most ${MAX_READ_BYTES}`,
        };
      }
      const bytes = await handle.readFile();
      return { ok: true, bytes, text: bytes.toString("utf8") };
    } finally {
      await handle.close();
    }
  }

  /** Text of a file at the base commit; undefined where it did not exist. */
  async atBase(path: string): Promise<string | undefined> {
    const shown = await tryGit(["cat-file", "blob", `${this.base}:${normal(path)}`], {
      ...this.#place,
      maxOutputBytes: MAX_READ_BYTES,
    });
    return shown.exit === 0 ? shown.stdout : undefined;
  }

  /** Paths that differ from the base commit, sorted: changed, new and deleted tracked files. A move counts as both of its paths. */
  async changed(): Promise<readonly string[]> {
    const listed = await git(
      ["diff", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z", this.base, "--"],
      this.#place,
    );
    return listed
      .split("\0")
      .filter((path) => path !== "")
      .sort();
  }

  /** Files that git does not know, ignored ones included (build products would be among them). */
  async untracked(): Promise<readonly string[]> {
    const listed = await git(["ls-files", "--others", "-z"], this.#place);
    return listed
      .split("\0")
      .filter((path) => path !== "")
      .sort();
  }

  /** `git status --porcelain`, to be compared before and after checks run. */
  status(): Promise<string> {
    return git(["status", "--porcelain", "--untracked-files=all"], this.#place);
  }

  /**
   * Hash over the names, kinds and contents of the tracked files, read from the disk: a program can tell git not to look, but not this.
   * A file that is gone or became unreadable changes it too.
   */
  async digest(): Promise<string> {
    const hash = createHash("sha256");
    for (const path of this.files) {
      const full = join(this.#root, path);
      const facts = await lstat(full).catch(() => undefined);
      const kind = facts === undefined ? "gone" : facts.isSymbolicLink() ? "link" : facts.isFile() ? "file" : "other";
      hash.update(`${path}\0${kind}\0${(facts?.mode ?? 0) & 0o111}\0`);
      if (kind === "link") hash.update(await readlink(full));
      if (kind === "file")
        hash.update(
          createHash("sha256")
            .update(await readFile(full).catch(() => "unreadable"))
            .digest(),
        );
    }
    return hash.digest("hex");
  }

  /** Whether anything is at a path, a link to nothing included. */
  async occupied(path: string): Promise<boolean> {
    return lstat(join(this.#root, normal(path))).then(
      () => true,
      () => false,
    );
  }

  get #place(): { readonly cwd: string; readonly maxOutputBytes: number; readonly git?: string } {
    return { cwd: this.directory, maxOutputBytes: MAX_LIST_BYTES, ...(this.#git !== undefined && { git: this.#git }) };
  }

  async #resolve(relative: string): Promise<{ readonly ok: true; readonly path: string } | Extract<ReadFile, { ok: false }>> {
    const path = join(this.#root, relative);
    const outside = { ok: false, why: "outside", message: `${relative} leads out of the target` } as const;
    if (!within(this.#root, path)) return outside;
    try {
      const real = await realpath(path);
      return within(this.#root, real) ? { ok: true, path: real } : outside;
    } catch {
      // A dangling link is told from a missing file: the first points somewhere, and where it points may not exist yet.
      const link = await lstat(path).then(
        (facts) => facts.isSymbolicLink(),
        () => false,
      );
      return {
        ok: false,
        why: "missing",
        message: link ? `${relative} is a symbolic link to nothing` : `${relative} does not exist`,
      };
    }
  }
}

/** Opens a worktree for checking. Throws a GitError where `directory` is none or `base` is no commit of it. */
export async function openTarget(place: TargetPlace): Promise<Target> {
  const where = { cwd: place.directory, maxOutputBytes: MAX_LIST_BYTES, ...(place.git !== undefined && { git: place.git }) };
  await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${place.base}^{commit}`], where);
  const [listed, deleted] = await Promise.all([git(["ls-files", "-z"], where), git(["ls-files", "--deleted", "-z"], where)]);
  const gone = new Set(deleted.split("\0"));
  const files = [...new Set(listed.split("\0"))].filter((path) => path !== "" && !gone.has(path));
  return new Target(place, await realpath(place.directory), files);
}

const normal = (path: string): string => path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");

const within = (root: string, path: string): boolean => path === root || path.startsWith(root + sep);
