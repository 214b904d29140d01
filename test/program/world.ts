import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { cp, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { checkWorld } from "../../src/world/check.ts";
import { sealWorld } from "../../src/world/seal.ts";

/** Folder of the program under test. */
export const PACKAGE_ROOT = join(import.meta.dirname, "..", "..");

/** The private prefix; Nix makes no store below a link, and a second clone may link to the first one's. */
function prefix(): string {
  const path = join(PACKAGE_ROOT, ".prefix");
  return existsSync(path) ? realpathSync(path) : path;
}

/** Shared by every run of these tests, so that a Nix store once filled stays warm; `npm run demo` uses the same. */
export const WARM_CACHE = join(prefix(), "cache");

const SHIPPED = join(PACKAGE_ROOT, "evals", "world");

/**
 * What to give to `--world`: the shipped world, or, while that is being edited, a sealed copy of it. A copy is named after what it was made
 * of, so that it is made once.
 */
export function worldForTests(): Promise<string> {
  made ??= makeWorld();
  return made;
}

let made: Promise<string> | undefined;

async function makeWorld(): Promise<string> {
  const { problems } = await checkWorld(SHIPPED);
  if (problems.length === 0) return "shipped";
  const copies = join(WARM_CACHE, "sealed-worlds");
  const copy = join(copies, await contentName(SHIPPED));
  if (await isThere(copy)) return copy;
  const part = `${copy}.${process.pid}.part`;
  await mkdir(copies, { recursive: true });
  await cp(SHIPPED, part, { recursive: true, verbatimSymlinks: true });
  await sealWorld(part);
  await rename(part, copy).catch(async (error: unknown) => {
    // Another test file was faster.
    await rm(part, { recursive: true, force: true });
    if (!(await isThere(copy))) throw error;
  });
  return copy;
}

async function contentName(directory: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const { mode, size, mtimeMs } = await lstat(path);
    hash.update(`${path.slice(directory.length)} ${mode} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
