import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lockedNixpkgs, parseLock } from "../../../nix/lock.ts";
import type { RunNixOptions } from "../../../nix/nix.ts";
import { git } from "../../../system/git.ts";
import type { JobPlace } from "../../job-place.ts";

/** The flake that is asked about attributes of nixpkgs. */
export interface NixpkgsProbe {
  readonly directory: string;
  /** Set while the worktree has no locked nixpkgs of its own: the reference that is asked instead. */
  readonly instead?: string;
}

/**
 * The worktree, once it has locked a nixpkgs; before that a scratch flake that locks the default one, so that a name can be checked before
 * the first proposal is written.
 * @param worktree absolute
 */
export async function nixpkgsProbe(place: JobPlace, worktree: string, options: RunNixOptions): Promise<NixpkgsProbe> {
  const lock = parseLock(await readFile(join(worktree, "flake.lock"), "utf8").catch(() => "")); // no file: parseLock says so
  if (lock.ok && lockedNixpkgs(lock.lock) !== undefined) return { directory: worktree };
  const { nixpkgs } = place.settings;
  const directory = join(place.workFolder, "nixpkgs-probe");
  if (await readFile(join(directory, "flake.lock")).catch(() => undefined)) return { directory, instead: nixpkgs };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(
    join(directory, "flake.nix"),
    `{\n  inputs.nixpkgs.url = ${JSON.stringify(nixpkgs)};\n  outputs = _: { };\n}\n`,
  );
  await git(["init", "--quiet"], { cwd: directory });
  await git(["add", "--intent-to-add", "flake.nix"], { cwd: directory });
  await place.nix.lock(directory, options);
  return { directory, instead: nixpkgs };
}
