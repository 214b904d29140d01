import { access, chmod, mkdir, mkdtemp, readdir, realpath, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Host } from "../environment/host.ts";
import { errorCode, errorText } from "../error.ts";
import { execute } from "../process.ts";

/** A store root that cannot be had; `disk` where there is no room for it. */
export class StoreRootError extends Error {
  override readonly name = "StoreRootError";
  readonly kind: "disk" | "host";
  readonly directory: string;
  readonly next: string;

  constructor(kind: "disk" | "host", directory: string, message: string, next: string) {
    super(message);
    this.kind = kind;
    this.directory = directory;
    this.next = next;
  }
}

/** Below this a build of a small program may already fail. */
export const LEAST_FREE_BYTES = 512 * 1024 * 1024;

/**
 * Prepares a folder whose `nix/` will be seen as /nix in a namespace. Programs of this machine that live below /nix/store themselves would
 * vanish there: their closure is copied in first. Two processes may prepare one root at the same time.
 * @param leastFreeBytes how much room its file system must have
 * @throws StoreRootError
 */
export async function prepareStoreRoot(directory: string, host: Host, leastFreeBytes = LEAST_FREE_BYTES): Promise<void> {
  try {
    await mkdir(dirname(directory), { recursive: true });
    await checkRoom(directory, leastFreeBytes);
    if (!(await isThere(join(directory, "nix", "var", "nix", "db", "db.sqlite")))) await makeStore(directory, host);
  } catch (error) {
    if (errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT") throw noRoom(directory, errorText(error));
    throw error;
  }
}

/** Removes a store root of one's own. Store paths are read-only folders, which an ordinary user cannot empty. */
export async function removeStoreRoot(directory: string): Promise<void> {
  if (!(await isThere(directory))) return;
  await makeWritable(directory);
  await rm(directory, { recursive: true, force: true });
}

async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name));
  }
}

async function checkRoom(directory: string, least: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(directory));
  const free = bavail * bsize;
  if (free < least) throw noRoom(directory, `${inMegabytes(free)} are free, ${inMegabytes(least)} are needed`);
}

const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;

const noRoom = (directory: string, why: string): StoreRootError =>
  new StoreRootError(
    "disk",
    directory,
    `no room for a Nix store in ${directory}: ${why}`,
    "free some space, or name another cache folder (XDG_CACHE_HOME)",
  );

/** Store paths of the programs that are started inside the namespace, where this machine has them in a store. */
async function seedPaths(host: Host): Promise<string[]> {
  const programs = [
    host.nix && join(host.nix.bin, "nix"),
    host.git,
    host.mount,
    host.shell,
    "/bin/sh",
    "/usr/bin/env",
    "/bin/ls",
  ];
  const found = await Promise.all(programs.map((program) => (program === undefined ? undefined : storePathOf(program))));
  return [...new Set(found.filter((path) => path !== undefined))];
}

async function storePathOf(program: string): Promise<string | undefined> {
  const real = await realpath(program).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  return real === undefined ? undefined : /^\/nix\/store\/[^/]+/.exec(real)?.[0];
}

/**
 * A new store is made beside its place and renamed into it: two processes that both made its database where it is would see SQLite's "database
 * is busy", and an interrupted copy would be taken for a whole one.
 */
async function makeStore(directory: string, host: Host): Promise<void> {
  const part = await mkdtemp(`${directory}.part-`);
  const store = `local?root=${encodeURIComponent(part).replaceAll("%2F", "/")}`;
  try {
    const seeds = await seedPaths(host);
    await runNix(directory, host, ["nix-store", "--store", store, "--init"]);
    if (seeds.length > 0) {
      const features = ["--extra-experimental-features", "nix-command"];
      await runNix(directory, host, ["nix", ...features, "copy", "--offline", "--no-check-sigs", "--to", store, ...seeds]);
    }
    await mkdir(join(part, "nix", "store"), { recursive: true });
    await rename(part, directory);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    // Another process was quicker; both made the same.
    if (errorCode(error) !== "ENOTEMPTY" && errorCode(error) !== "EEXIST") throw error;
  }
}

async function runNix(directory: string, host: Host, [program = "", ...args]: readonly string[]): Promise<void> {
  const bin = host.nix?.bin ?? "";
  const done = await execute({
    argv: [join(bin, program), ...args],
    cwd: "/",
    env: { HOME: "/nonexistent", PATH: bin, NIX_CONF_DIR: "/nonexistent" },
    timeoutMs: 600_000,
  });
  if (done.exit === 0) return;
  // Nix quotes the whole SQL statement before what SQLite says of it.
  const why = done.problem ?? done.stderr.trim().split("\n").at(-1) ?? "";
  if (/No space left on device|disk is full/.test(done.stderr)) throw noRoom(directory, why);
  const next = `see that \`${program} ${args.slice(0, 3).join(" ")}\` works on this machine`;
  throw new StoreRootError("host", directory, `a Nix store could not be made in ${directory}: ${why}`, next);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}
