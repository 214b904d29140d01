import { posix } from "node:path";
import { readWorktreeFile, stageNewFiles } from "../../nix/mechanics/worktree-files.ts";
import { parseCargoLock } from "../../repo/cargo/lock.ts";
import type { CargoProject, LockedCrate } from "../../repo/facts.ts";
import { runCargo } from "../work/gate/generate-lock-file.ts";
import { nixpkgsProbe } from "../work/gate/nixpkgs-probe.ts";
import type { Change, StepResult } from "./findings.ts";
import type { RefreshPlace } from "./place.ts";

/**
 * Cargo.lock fits the manifests. Cargo itself says and does it, with the cargo of the locked nixpkgs: `cargo update --workspace` changes no
 * more than the manifests ask for (the Cargo book, "cargo update").
 */
export async function syncCargoLock(place: RefreshPlace, project: CargoProject): Promise<StepResult> {
  const path = posix.join(project.root, "Cargo.lock");
  const before = await readWorktreeFile(place.directory, path);
  const probe = await nixpkgsProbe(place.job, place.directory, place.run);
  const args = before === undefined ? ["generate-lockfile"] : ["update", "--workspace"];
  place.job.progress(`cargo ${args.join(" ")}`);
  const ran = await runCargo(place.job, place.workspace, { cargoRoot: project.root, args, toolsOf: probe.directory }, place.run);
  if (place.run.signal.aborted)
    return {
      ok: false,
      why: "aborted",
      message: "stopped before everything was looked at",
      next: "Run it again.",
      diagnoses: [],
    };
  if (!ran.ok) return unanswered(ran.problem);
  await stageNewFiles(place.directory, [path]);
  const after = (await readWorktreeFile(place.directory, path)) ?? "";
  return { ok: true, changes: before === after ? [] : changesOf(path, before, after), open: [] };
}

const NO_NETWORK =
  /failed to (?:download|fetch|query)|Could not resolve host|network failure|Couldn't connect|download of config\.json failed|HTTP 4\d\d|spurious network error/u;

function unanswered(problem: string): StepResult {
  const message =
    problem
      .split("\n")
      .find((line) => /^\s*error\b/u.test(line))
      ?.trim() ??
    problem.split("\n")[0] ??
    problem;
  const offline = NO_NETWORK.test(problem);
  return {
    ok: true,
    changes: [],
    open: [
      {
        step: "cargo-lock",
        kind: offline ? "unchecked" : "person",
        message: `whether Cargo.lock fits Cargo.toml could not be told: ${message}`,
        next: offline
          ? "Cargo asks the registry: run it where there is a network."
          : `Mend what cargo says: ${problem.trim().split("\n").slice(0, 6).join(" / ")}`,
      },
    ],
  };
}

function changesOf(path: string, before: string | undefined, after: string): readonly Change[] {
  if (before === undefined)
    return [
      {
        step: "cargo-lock",
        what: path,
        after: packages(parseCargoLock(after).crates.length),
        why: "a Nix build needs it",
        path,
      },
    ];
  const [old, fresh] = [byName(before), byName(after)];
  const changes = [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((name): Change[] => {
    const [was, is] = [old.get(name)?.join(", "), fresh.get(name)?.join(", ")];
    if (was === is) return [];
    return [
      {
        step: "cargo-lock",
        what: `${path}: ${name}`,
        ...(was !== undefined && { before: was }),
        ...(is !== undefined && { after: is }),
        why: is === undefined ? "nothing asks for it any more" : "the manifests ask for it",
        path,
      },
    ];
  });
  const form: Change = {
    step: "cargo-lock",
    what: path,
    before: "as it was",
    after: "as cargo writes it",
    why: "its form or its edges differ",
    path,
  };
  return changes.length > 0 ? changes : [form];
}

const packages = (count: number): string => `${count} package${count === 1 ? "" : "s"}`;

/** Versions by name, a git source with its commit. */
function byName(text: string): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const crate of parseCargoLock(text).crates)
    versions.set(crate.name, [...(versions.get(crate.name) ?? []), versionOf(crate)].sort());
  return versions;
}

function versionOf({ version, source }: LockedCrate): string {
  const commit = source?.kind === "git" ? source.url.split("#")[1] : undefined;
  return commit === undefined ? version : `${version} (${commit.slice(0, 8)})`;
}
