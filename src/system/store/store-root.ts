import { mkdir, realpath, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, errorText } from "../error.ts";
import type { Host } from "../host.ts";
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
    const seeds = await seedPaths(host);
    if (seeds.length > 0) await seed(directory, host, seeds);
    await mkdir(join(directory, "nix", "store"), { recursive: true });
    await mkdir(join(directory, "nix", "var", "nix"), { recursive: true });
    await checkRoom(directory, leastFreeBytes);
  } catch (error) {
    if (errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT") throw noRoom(directory, errorText(error));
    throw error;
  }
}

async function checkRoom(directory: string, least: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
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

/** Copied beside its place and renamed into it: an interrupted copy is never taken for a whole one. */
async function seed(directory: string, host: Host, paths: readonly string[]): Promise<void> {
  if (await realpath(join(directory, "nix", "store")).catch(() => undefined)) return;
  await mkdir(dirname(directory), { recursive: true });
  const part = `${directory}.part-${process.pid}`;
  const copied = await execute({
    argv: [
      join(host.nix?.bin ?? "", "nix"),
      ...["--extra-experimental-features", "nix-command", "copy", "--offline", "--no-check-sigs", "--to", `local?root=${part}`],
      ...paths,
    ],
    cwd: "/",
    env: { HOME: "/nonexistent", PATH: host.nix?.bin ?? "" },
    timeoutMs: 600_000,
  });
  if (copied.exit !== 0) {
    await rm(part, { recursive: true, force: true });
    const why = copied.problem ?? copied.stderr.trim();
    if (why.includes("No space left on device")) throw noRoom(directory, why);
    throw new StoreRootError(
      "host",
      directory,
      `the closure of ${paths.join(", ")} could not be copied: ${why}`,
      "see that `nix copy` works on this machine",
    );
  }
  try {
    await rename(part, directory);
  } catch (error) {
    // Another process was quicker; both copied the same.
    if (errorCode(error) !== "ENOTEMPTY" && errorCode(error) !== "EEXIST") throw error;
    await rm(part, { recursive: true, force: true });
  }
}
