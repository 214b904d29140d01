import { basename } from "node:path";
import type { Diagnosis, DiagnosisKind } from "../diagnosis.ts";
import { FRESHNESS } from "../recipes/crate2nix.ts";
import { freshenCargoNix, mendCargoNix } from "./cargo-nix/cargo-nix.ts";
import { mendOutputHashes } from "./hashes/output-hashes.ts";
import { forgetStaleHash, replaceHash } from "./hashes/replace-hash.ts";
import { provideCargoLock, renewCargoLock, trackFile, writeLock } from "./lock-files.ts";
import type { MechanicPlace, MechanicResult } from "./mechanic.ts";
import { mendCode } from "./mend-code.ts";

type Mechanic = (diagnosis: Diagnosis, place: MechanicPlace) => Promise<MechanicResult | undefined>;

/** Which diagnosis goes to which mechanic of files, locks and hashes; those of Nix code stand in code/cures.ts, and the rest needs a decision. */
export const MECHANICS: { readonly [K in DiagnosisKind]?: Mechanic } = {
  "untracked-file": async (diagnosis, place) => {
    if (diagnosis.kind !== "untracked-file") return undefined;
    // A lock file that a flake reads and that is not there at all is a lock file that has to be made.
    if (basename(diagnosis.path) === "Cargo.lock") return provideCargoLock(place, diagnosis.path);
    if (basename(diagnosis.path) === "Cargo.nix")
      return (await trackFile(diagnosis.path, place)) ?? mendCargoNix(place, diagnosis.path);
    return (await trackFile(diagnosis.path, place)) ?? trackFile(diagnosis.path.replace(/\.rs$/u, "/mod.rs"), place);
  },
  "lock-outdated": async (_, place) => {
    const written = await writeLock(place);
    return "name" in written ? written : undefined;
  },
  "hash-mismatch": replaceHash,
  "stale-hash": forgetStaleHash,
  "git-dependency-hash": mendOutputHashes,
  // A file that git does not track yet is dropped by no filter.
  "source-filter": async (diagnosis, place) =>
    diagnosis.kind === "source-filter" ? trackFile(diagnosis.path, place) : undefined,
  "cargo-lock": async (diagnosis, place) => {
    // The lock of another language's tool, which the host does not run.
    if (diagnosis.kind !== "cargo-lock" || basename(diagnosis.path ?? "Cargo.lock") !== "Cargo.lock") return undefined;
    switch (diagnosis.problem) {
      case "missing":
        return provideCargoLock(place, diagnosis.path ?? "Cargo.lock");
      case "outdated":
        return renewCargoLock(place);
      case "version":
        return undefined;
    }
  },
};

/** A Cargo.nix that lags behind shows as many things: a missing attribute, a crate that is not there, a check that compares it. */
async function mendStaleCargoNix({ kind, derivation }: Diagnosis, place: MechanicPlace): Promise<MechanicResult | undefined> {
  if (derivation?.name === FRESHNESS) return mendCargoNix(place);
  const telling =
    kind === "attribute" || kind === "missing-output" || kind === "compile-error" || kind === "workspace" || kind === "unknown";
  return telling ? freshenCargoNix(place) : undefined;
}

/** Applies the repair that needs no model to the worktree; undefined: there is none, or it would have to guess. */
export async function repair(diagnosis: Diagnosis, place: MechanicPlace): Promise<MechanicResult | undefined> {
  return (
    (await MECHANICS[diagnosis.kind]?.(diagnosis, place)) ??
    (await mendStaleCargoNix(diagnosis, place)) ??
    mendCode(diagnosis, place)
  );
}
