import { lstat, readlink, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from "node:path";

/** A path that would leave the worktree, or that nobody but git or crq-agent may write. */
export class JailError extends Error {
  override readonly name = "JailError";
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path}: ${why}`);
    this.path = path;
  }
}

const within = (root: string, path: string): boolean => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/**
 * Turns a path written by a model into an absolute one inside `root`, after resolving every link on the way (also when the last parts do
 * not exist yet). Throws a JailError that says which part leaves.
 * @param root absolute
 */
export async function insideJail(root: string, path: string): Promise<string> {
  return (await enter(root, path)).target;
}

/**
 * Where a path really leads, relative to `root`: without `..` and with its links resolved, so that one file has one name.
 * @param root absolute
 * @throws JailError as `insideJail`
 */
export async function nameInJail(root: string, path: string): Promise<string> {
  const { realRoot, real } = await enter(root, path);
  return relative(realRoot, real);
}

async function enter(
  root: string,
  path: string,
): Promise<{ readonly realRoot: string; readonly target: string; readonly real: string }> {
  if (path.includes("\0")) throw new JailError(JSON.stringify(path), "a path holds no NUL byte");
  if (isAbsolute(path)) throw new JailError(path, "is absolute; name it relative to the repository root");
  const clean = normalize(path);
  if (clean === ".." || clean.startsWith(`..${sep}`))
    throw new JailError(path, "leaves the repository; only paths inside it can be used");
  // Also below: git looks into a repository that lies in another one, and runs what its configuration names.
  if (clean.split(sep).some((part) => part.toLowerCase() === ".git"))
    throw new JailError(path, "belongs to git and is never read or written by a tool");
  const realRoot = await realpath(root);
  const target = resolve(realRoot, clean);
  const real = await resolveExisting(target);
  if (!within(realRoot, real))
    throw new JailError(path, `is or lies behind a link that leaves the repository (to ${relative(realRoot, real) || real})`);
  if (within(join(realRoot, ".git"), real)) throw new JailError(path, "is a link into .git, which no tool reads or writes");
  return { realRoot, target, real };
}

/** realpath of the deepest existing ancestor plus the rest; a dangling link is followed to where it points. */
async function resolveExisting(path: string, depth = 0): Promise<string> {
  if (depth > 40) throw new JailError(path, "has too many levels of links");
  try {
    return await realpath(path);
  } catch {
    const link = await lstat(path).then(
      (stat) => (stat.isSymbolicLink() ? readlink(path) : undefined),
      () => undefined,
    );
    const parent = dirname(path);
    if (link !== undefined) return resolveExisting(resolve(parent, link), depth + 1);
    if (parent === path) return path;
    return join(await resolveExisting(parent, depth + 1), path.slice(parent.length).replace(/^[/\\]/, ""));
  }
}
