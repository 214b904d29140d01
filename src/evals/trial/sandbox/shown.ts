import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../../../system/environment/host.ts";
import type { Bind, SystemFolder } from "../../../system/environment/namespace.ts";
import { errorCode } from "../../../system/error.ts";
import type { Program } from "./program.ts";

/** What a trial sees of this machine, read-only, besides the system folders: the program, what it runs with, and the world. */
export interface Shown {
  readonly binds: readonly Bind[];
  /** A clone's node_modules may be a link: it is one in the sandbox too. */
  readonly links: readonly SystemFolder[];
}

/**
 * @param system folders that are shown anyway
 * @param world folder of the world
 */
export async function shownPaths(program: Program, host: Host, system: readonly SystemFolder[], world: string): Promise<Shown> {
  const own = [...program.shown, ".prefix"].map((name) => join(program.root, name));
  const programs = [host.bwrap, host.mount, host.shell, host.git, program.node].flatMap((path) => path ?? []);
  const nix = host.nix === undefined ? [] : [host.nix.bin];
  const found = await Promise.all([...own, ...programs, ...nix, ...Object.values(host.sandboxPaths), world].map(entryOf));
  const entries = found.flat();
  const folders = outermost(entries.map(({ real }) => real)).filter((path) => !system.some((one) => isBelow(one.path, path)));
  const links = entries.flatMap(({ path, link }) => (link === undefined ? [] : [{ path, link }]));
  return {
    // Of a Nix that is installed below /nix a program needs more than itself.
    binds: [...new Set(folders.map((path) => (isBelow("/nix", path) ? "/nix" : path)))].map((path) => ({
      source: path,
      target: path,
      writable: false,
    })),
    links: links.filter(({ path }) => ![...folders, ...system.map((one) => one.path)].some((folder) => isBelow(folder, path))),
  };
}

interface Entry {
  readonly path: string;
  readonly real: string;
  readonly link?: string;
}

async function entryOf(path: string): Promise<readonly Entry[]> {
  try {
    const [facts, real] = await Promise.all([lstat(path), realpath(path)]);
    return [{ path, real, ...(facts.isSymbolicLink() && { link: real }) }];
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Without those that lie below another. */
function outermost(paths: readonly string[]): readonly string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => other !== path && isBelow(other, path))).sort();
}
