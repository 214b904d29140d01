import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { msrvSites, withRelease } from "../../nix/mechanics/msrv-shell.ts";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import { compareReleases, highestRelease, OLDEST_CARGO_OF_LOCK, withChannel, writtenLike } from "../../repo/cargo/releases.ts";
import { pinnedRelease } from "../../repo/cargo/toolchain.ts";
import type { CargoProject } from "../../repo/facts.ts";
import type { Change, Open, StepResult } from "./findings.ts";
import type { RefreshPlace } from "./place.ts";

/** The Rust that builds is as new as the packages and the lock file ask for: pins are moved, inputs are named. */
export async function pinToolchain(place: RefreshPlace, project: CargoProject): Promise<StepResult> {
  const promised = highestRelease(project.packages.flatMap(({ rustVersion }) => rustVersion ?? []));
  const byLock = OLDEST_CARGO_OF_LOCK[project.lock.version ?? 0];
  const needed = highestRelease([promised, byLock].filter((release) => release !== undefined));
  if (needed === undefined) return { ok: true, changes: [], open: [] };
  const why =
    needed === promised
      ? `rust-version of ${whose(project, needed)} is ${needed}`
      : `Cargo.lock has format ${project.lock.version}, which needs ${needed}`;
  const file = project.toolchainFile;
  const channel = file ? await moveChannel(place, file, needed, why) : await nixpkgsRust(place, needed, why);
  const shell =
    promised === undefined
      ? []
      : await moveMsrvShell(place, promised, `rust-version of ${whose(project, promised)} is ${promised}`);
  return { ok: true, changes: [...channel.changes, ...shell], open: channel.open };
}

const whose = ({ packages }: CargoProject, release: string): string =>
  packages.find(({ rustVersion }) => rustVersion === release)?.name ?? "the project";

interface Found {
  readonly changes: readonly Change[];
  readonly open: readonly Open[];
}
const NOTHING: Found = { changes: [], open: [] };

async function moveChannel(
  { directory }: RefreshPlace,
  { path, channel }: NonNullable<CargoProject["toolchainFile"]>,
  needed: string,
  why: string,
): Promise<Found> {
  const release = pinnedRelease(channel);
  // `stable` and `nightly-…` are as new as the input that provides them.
  if (release === undefined || compareReleases(release, needed) >= 0) return NOTHING;
  const wanted = writtenLike(needed, channel);
  const text = (await readWorktreeFile(directory, path)) ?? "";
  const moved = withChannel(text, channel, wanted);
  if (moved === undefined) {
    const message = `${path} pins Rust ${channel}, and ${why}`;
    return { changes: [], open: [{ step: "toolchain", kind: "person", message, next: `Set its channel to ${wanted}.` }] };
  }
  await writeFile(join(directory, path), moved);
  return { changes: [{ step: "toolchain", what: `${path}: channel`, before: channel, after: wanted, why, path }], open: [] };
}

/** Without a toolchain file the Rust of nixpkgs builds, or that of an overlay which the flake itself pins. */
async function nixpkgsRust(place: RefreshPlace, needed: string, why: string): Promise<Found> {
  const asked = await place.nix.attribute(place.directory, "rustc", place.run);
  const version = asked.ok ? asked.value.version : undefined;
  if (version === undefined || !/^\d+\.\d+/u.test(version) || compareReleases(version, needed) >= 0) return NOTHING;
  const flake = (await readWorktreeFile(place.directory, "flake.nix")) ?? "";
  if (/\b(?:rust-overlay|fenix|rust-bin)\b/u.test(flake)) return NOTHING;
  const message = `the locked nixpkgs has Rust ${version}, and ${why}`;
  const next = "Move it: crq-agent refresh --update nixpkgs; where that is not enough, name a newer branch in flake.nix.";
  return { changes: [], open: [{ step: "toolchain", kind: "person", message, next }] };
}

async function moveMsrvShell({ directory }: RefreshPlace, promised: string, why: string): Promise<readonly Change[]> {
  const path = "flake.nix";
  let text = (await readWorktreeFile(directory, path)) ?? "";
  const before = text;
  const sites = msrvSites(text).filter(({ release }) => compareReleases(release, promised) !== 0);
  for (const site of [...sites].reverse()) text = withRelease(text, site, writtenLike(promised, site.release));
  if (text !== before) await writeFile(join(directory, path), text);
  return sites.map(({ release, line }) => ({
    step: "toolchain",
    what: `${path}:${line} msrv`,
    before: release,
    after: writtenLike(promised, release),
    why,
    path,
  }));
}
