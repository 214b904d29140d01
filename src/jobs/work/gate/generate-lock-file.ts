import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RunNixOptions } from "../../../nix/nix.ts";
import { pristineCopy, removeCopy, snapshot, type Workspace } from "../../../repo/workspace/workspace.ts";
import { git } from "../../../system/git.ts";
import { execute } from "../../../system/process.ts";
import type { JobPlace } from "../../job-place.ts";

export type CargoRun = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** Makes the missing Cargo.lock, or brings the one that is there in step without moving other versions. @param cargoRoot folder of the root Cargo.toml relative to the repository */
export async function generateLockFile(
  place: JobPlace,
  workspace: Workspace,
  cargoRoot: string,
  options?: RunNixOptions,
): Promise<CargoRun> {
  const there = existsSync(join(workspace.directory, cargoRoot, "Cargo.lock"));
  const args = there ? ["update", "--workspace"] : ["generate-lockfile"];
  return runCargo(place, workspace, { cargoRoot, args, toolsOf: workspace.directory }, options);
}

export interface CargoCommand {
  /** Folder of the root Cargo.toml relative to the repository. */
  readonly cargoRoot: string;
  /** One that writes Cargo.lock and nothing else. */
  readonly args: readonly string[];
  /** The flake whose locked nixpkgs has the cargo. */
  readonly toolsOf: string;
}

/**
 * Lets the cargo of a locked nixpkgs write Cargo.lock. It runs in a copy without `.cargo/`: a repository's own cargo configuration could name
 * a program to be run.
 */
export async function runCargo(
  place: JobPlace,
  workspace: Workspace,
  { cargoRoot, args, toolsOf }: CargoCommand,
  options?: RunNixOptions,
): Promise<CargoRun> {
  const { nix, environment } = place;
  const tools: string[] = [];
  for (const attribute of ["cargo", "rustc"]) {
    const built = await nix.buildFromNixpkgs(toolsOf, attribute, options);
    if (!built.ok)
      return { ok: false, problem: `${attribute} of the locked nixpkgs cannot be had: ${built.diagnoses[0].message}` };
    tools.push(built.value.outputs.out ?? Object.values(built.value.outputs)[0] ?? "");
  }
  const copy = join(place.workFolder, `lock-${process.pid}`);
  const { commit } = await snapshot(workspace);
  try {
    await pristineCopy(workspace, commit, copy);
    const listed = await git(["ls-files", "-z", "--", ".cargo", "**/.cargo/**"], { cwd: copy });
    for (const path of listed.split("\0").filter((file) => file !== "")) await rm(join(copy, path), { force: true });
    const directory = join(copy, cargoRoot);
    const home = join(copy, ".git", "cargo-home");
    await mkdir(home, { recursive: true });
    const finished = await execute({
      argv: environment.wrap([`${tools[0]}/bin/cargo`, ...args], { cwd: directory, writable: [copy] }),
      cwd: directory,
      env: {
        ...environment.variables,
        PATH: [...tools.map((tool) => `${tool}/bin`), environment.variables.PATH ?? ""].join(":"),
        CARGO_HOME: home,
        CARGO_TERM_COLOR: "never",
      },
      timeoutMs: place.settings.evalTimeoutMs,
      ...(options?.signal && { signal: options.signal }),
    });
    if (finished.exit !== 0) return { ok: false, problem: finished.problem ?? finished.stderr.trim().slice(-2000) };
    await readFile(join(directory, "Cargo.lock"));
    const target = join(workspace.directory, cargoRoot, "Cargo.lock");
    await mkdir(dirname(target), { recursive: true });
    await cp(join(directory, "Cargo.lock"), target);
    return { ok: true };
  } finally {
    await removeCopy(copy);
  }
}
