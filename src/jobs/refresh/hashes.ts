import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { isFake, parseHash } from "../../nix/hash.ts";
import { replaceHash } from "../../nix/mechanics/hashes/replace-hash.ts";
import type { MechanicPlace, MechanicResult } from "../../nix/mechanics/mechanic.ts";
import { MECHANICS } from "../../nix/mechanics/repair.ts";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import type { NixFailure } from "../../nix/nix.ts";
import { readVendorDerivation, VENDOR_DERIVATION } from "../../nix/questions/vendor-derivation.ts";
import type { CargoProject } from "../../repo/facts.ts";
import type { Change, StepResult } from "./findings.ts";
import { refusedBy } from "./flake-lock.ts";
import type { RefreshPlace } from "./place.ts";

/** Hashes that follow from Cargo.lock: those of vendored crates and of git dependencies. Each is what Nix printed. */

/** Nix reports one hash a time. */
const MAX_ROUNDS = 60;

export interface HashesInput {
  readonly place: RefreshPlace;
  readonly mechanics: MechanicPlace;
  /** Full attribute paths of packages. */
  readonly attributes: readonly string[];
  readonly project: CargoProject | undefined;
}

/**
 * A fixed-output path that is in the store satisfies every derivation that names its hash, whatever its inputs are now (nix-field-notes §3): a
 * stale hash would pass. So what was vendored is compared with Cargo.lock, and rebuilt where it is of another one.
 */
export async function renewVendorHashes({ place, mechanics, attributes, project }: HashesInput): Promise<StepResult> {
  const changes: Change[] = [];
  for (const attribute of attributes) {
    const asked = await place.nix.evaluate(place.directory, attribute, { ...place.run, apply: VENDOR_DERIVATION });
    // An attribute that does not evaluate so far is the business of the build step.
    const vendor = asked.ok ? readVendorDerivation(asked.value) : undefined;
    if (!vendor || (await isOfThisLock(place, vendor.output, project))) continue;
    place.job.progress(`rebuilding the vendored crates of ${attribute}`);
    const hash = parseHash(vendor.hash);
    const rebuilt = await place.nix.build(place.directory, [`${vendor.drvPath}^*`], {
      ...place.run,
      timeoutMs: place.job.settings.buildTimeoutMs,
      rebuild: hash !== undefined && !isFake(hash),
    });
    if (rebuilt.ok) continue;
    const [first] = rebuilt.diagnoses;
    if (first.kind !== "hash-mismatch") return refusedBy(rebuilt);
    const done = await replaceHash(first, mechanics);
    if (!done) return pinned(first);
    changes.push(...hashChanges(done, first));
  }
  return { ok: true, changes, open: [] };
}

/** The crates that were vendored hold the Cargo.lock that they were vendored by. */
async function isOfThisLock(place: RefreshPlace, output: string, project: CargoProject | undefined): Promise<boolean> {
  const own = await readWorktreeFile(place.directory, posix.join(project?.root ?? ".", "Cargo.lock"));
  const theirs = await readFile(join(place.job.environment.hostPath(output), "Cargo.lock"), "utf8").catch(() => undefined); // not in the store
  return theirs !== undefined && theirs === own;
}

const OF_LOCKS = new Set<Diagnosis["kind"]>(["hash-mismatch", "git-dependency-hash", "stale-hash", "lock-outdated"]);

export interface BuildStep {
  readonly result: StepResult;
  readonly builds: readonly { readonly attribute: string; readonly ok: boolean; readonly seconds: number }[];
}

/** Builds the packages; a hash that Nix refuses on the way is replaced by what it printed, and nothing else is mended. */
export async function buildPackages({ place, mechanics, attributes }: HashesInput): Promise<BuildStep> {
  const changes: Change[] = [];
  const builds: { attribute: string; ok: boolean; seconds: number }[] = [];
  const seen = new Set<string>();
  for (const attribute of attributes) {
    for (;;) {
      const built = await place.nix.build(place.directory, [attribute], {
        ...place.run,
        timeoutMs: place.job.settings.buildTimeoutMs,
      });
      builds.push({ attribute, ok: built.ok, seconds: built.seconds });
      if (built.ok) break;
      const [first] = built.diagnoses;
      const mechanic = OF_LOCKS.has(first.kind) ? MECHANICS[first.kind] : undefined;
      if (built.why !== "failed" || !mechanic || seen.has(first.fingerprint) || seen.size >= MAX_ROUNDS)
        return { result: unbuilt(attribute, built), builds };
      seen.add(first.fingerprint);
      const done = await mechanic(first, mechanics);
      if (!done) return { result: first.kind === "hash-mismatch" ? pinned(first) : unbuilt(attribute, built), builds };
      changes.push(...hashChanges(done, first));
    }
  }
  return { result: { ok: true, changes: settled(changes), open: [] }, builds };
}

/** A fake hash that the next build filled is one change, from the old hash to the new one. */
function settled(changes: readonly Change[]): readonly Change[] {
  const byPlace = new Map<string, Change>();
  for (const change of changes) {
    const earlier = byPlace.get(change.what);
    byPlace.set(change.what, earlier?.before === undefined ? change : { ...change, before: earlier.before });
  }
  return [...byPlace.values()];
}

function hashChanges({ name, detail, edits }: MechanicResult, diagnosis: Diagnosis): readonly Change[] {
  const path = edits[0]?.path ?? "flake.nix";
  const change = { step: "hashes", path } as const;
  switch (diagnosis.kind) {
    case "hash-mismatch": {
      const [, where = path, attribute = ""] = /^(\S+?:\d+): (\S+) of /u.exec(detail) ?? [];
      const why = `Nix printed it for ${diagnosis.derivation?.name ?? "the derivation"}`;
      const before = parseHash(diagnosis.specified);
      const known = before && isFake(before) ? {} : { before: diagnosis.specified };
      return [{ ...change, what: `${where} ${attribute}`, ...known, after: diagnosis.got, why }];
    }
    case "stale-hash": {
      const [, where = path] = /^(\S+?:\d+): /u.exec(detail) ?? [];
      const old = /"(sha\d+-[^"]+)"/u.exec(lineOf(edits[0]?.before ?? "", Number(where.split(":")[1])))?.[1];
      return [
        { ...change, what: `${where} cargoHash`, ...(old !== undefined && { before: old }), why: "it was of another Cargo.lock" },
      ];
    }
    case "git-dependency-hash":
      // The entry is put in fake first; what fills it is told when Nix prints it.
      return name === "add-output-hash"
        ? []
        : [
            {
              ...change,
              what: `${path} outputHashes`,
              before: diagnosis.dependency,
              why: "Cargo.lock has no such git dependency",
            },
          ];
    default:
      return [{ ...change, what: path, why: detail }];
  }
}

const lineOf = (text: string, line: number): string => text.split("\n")[line - 1] ?? "";

/** The mechanic refuses it for a reason: the source is pinned, its pin is what it was, and its content is not. */
function pinned(diagnosis: Diagnosis): StepResult {
  return {
    ok: false,
    why: "failed",
    message: diagnosis.message,
    next: "Cargo.lock does not decide this hash: a source whose pin is the same has another content, or the hash stands in several places. Look at the source first; if the new content is wanted, put lib.fakeHash in its place and run it again.",
    diagnoses: [diagnosis],
  };
}

function unbuilt(attribute: string, failure: NixFailure): StepResult {
  const refused = refusedBy(failure);
  if (failure.why !== "failed") return refused;
  const [first] = failure.diagnoses;
  const next =
    first.kind === "toolchain"
      ? `${first.next} To move an input: crq-agent refresh --update NAME.`
      : `This is no matter of locks and hashes. To have it mended: crq-agent repair. ${first.next}`;
  return { ...refused, message: `${attribute} does not build: ${first.kind}: ${first.message}`, next };
}
