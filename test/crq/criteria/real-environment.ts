import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Nix } from "../../../src/nix/nix.ts";
import { createNix } from "../../../src/nix/run.ts";
import type { ExecutionEnvironment } from "../../../src/system/environment/execution-environment.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { listTree, madeUpRevision } from "../../../src/world/content/listing.ts";
import { openWorld } from "../../../src/world/open.ts";

/** A real Nix over a store of its own and real bubblewrap, in a world without a package set: no network. */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");

export interface RealPlace {
  readonly environment: ExecutionEnvironment;
  readonly nix: Nix;
  /** Removed at the end, store and all. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** `repositories`: what the world serves as flake inputs. */
export async function realPlace(repositories: readonly ServedRepository[] = []): Promise<RealPlace> {
  const folder = mkdtempSync(join(tmpdir(), "crq-criteria-"));
  const worldFolder = join(folder, "world");
  lay(worldFolder, { "world.toml": 'name = "small"\ndate = 2026-11-20\n[host]\nsandbox_paths = ["/bin/sh"]\n' });
  for (const repository of repositories) await layRepository(worldFolder, repository);
  const host = await findHost({ packageRoot: ROOT, path: process.env.PATH ?? "" });
  const session = join(folder, "session");
  mkdirSync(session);
  const { environment } = await openWorld(worldFolder, {
    host,
    cacheRoot: join(folder, "cache"),
    session,
    storeRoot: join(folder, "store"),
  });
  return {
    environment,
    nix: createNix({ environment, folder: join(folder, "nix-session") }),
    folder,
    remove: async () => {
      await environment.close();
      execFileSync("chmod", ["-R", "u+w", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A repository of one ref as the world serves it. */
export interface ServedRepository {
  readonly name: string;
  readonly ref: string;
  readonly lastModified: number;
  readonly files: Readonly<Record<string, string>>;
}

async function layRepository(world: string, { name, ref, lastModified, files }: ServedRepository): Promise<void> {
  const place = join(world, "github", name);
  lay(join(place, "tree"), files);
  const revision = madeUpRevision(await listTree(join(place, "tree")));
  renameSync(join(place, "tree"), join(place, revision));
  const refs = [`default = "${ref}"`, "complete = true", "[refs]", `"${ref}" = "${revision}"`];
  lay(place, { "refs.toml": `${[...refs, `[rev."${revision}"]`, `last-modified = ${lastModified}`].join("\n")}\n` });
}

/** Lays files out as a git repository of one commit and returns its folder and commit. */
export function repository(
  folder: string,
  files: Readonly<Record<string, FileContent>>,
): { readonly directory: string; readonly base: string } {
  mkdirSync(folder, { recursive: true });
  lay(folder, files);
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "base");
  return { directory: folder, base: git("rev-parse", "HEAD").trim() };
}

/** Writes files and tells git about all that is there, without committing. */
export function change(folder: string, files: Readonly<Record<string, FileContent>>): void {
  lay(folder, files);
  execFileSync("git", ["add", "--intent-to-add", "--all"], { cwd: folder });
}

/** Bytes, and text that starts with `#!`, are programs. */
export type FileContent = string | Uint8Array;

export function lay(folder: string, files: Readonly<Record<string, FileContent>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    if (typeof text !== "string" || text.startsWith("#!")) chmodSync(join(folder, path), 0o755);
  }
}
