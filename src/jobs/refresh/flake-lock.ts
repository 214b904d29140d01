import { didYouMean } from "../../agent/text/nearest.ts";
import { movedBeyond, movedInputs, parseLock } from "../../nix/lock.ts";
import { readWorktreeFile, stageNewFiles } from "../../nix/mechanics/worktree-files.ts";
import type { NixFailure } from "../../nix/nix.ts";
import type { Change, StepResult } from "./findings.ts";
import type { RefreshPlace } from "./place.ts";

/**
 * flake.lock holds what flake.nix declares, and named inputs are moved. Locking apart from moving, so that each pin that moves beyond the
 * named ones is known for what it is, and nothing is written then.
 */
export async function lockInputs(place: RefreshPlace, update: readonly string[]): Promise<StepResult> {
  const declared = await place.nix.inputs(place.directory, place.run);
  if (!declared.ok) return refusedBy(declared);
  const names = declared.value.inputs.map(({ name }) => name);
  const unknown = update.filter((name) => !names.includes(name.split("/")[0] ?? ""));
  if (unknown.length > 0)
    return refused(
      `flake.nix declares no input ${unknown.join(", ")}${didYouMean(unknown[0] ?? "", names)}`,
      `Its inputs are ${names.join(", ") || "none"}; name one of them with --update.`,
    );
  if (names.length === 0) return { ok: true, changes: [], open: [] };
  const before = await lockText(place);
  const damaged = before === undefined ? undefined : parseLock(before);
  if (damaged && !damaged.ok)
    return refused(damaged.problem, "Restore it from git, or delete it and let Nix write it anew (nix flake lock).");
  const locked = await place.nix.lock(place.directory, place.run);
  if (!locked.ok) return refusedBy(locked);
  const first = await changesSince(place, before, "flake.nix declares it");
  if (update.length === 0 || !first.ok) return first;
  const settled = await lockText(place);
  const moved = await place.nix.lock(place.directory, { ...place.run, update });
  if (!moved.ok) return refusedBy(moved);
  const [was, is] = [parseLock(settled ?? ""), parseLock((await lockText(place)) ?? "")];
  const beyond = is.ok ? movedBeyond(was.ok ? was.lock : undefined, is.lock, update) : [];
  if (beyond.length > 0)
    return refused(
      `moving ${update.join(", ")} would also move ${beyond.map(({ input }) => input).join(", ")}`,
      "Name these too with --update, or declare them apart from each other in flake.nix.",
    );
  const second = await changesSince(place, settled, "--update names it");
  return second.ok ? { ...second, changes: [...first.changes, ...second.changes] } : second;
}

const lockText = ({ directory }: RefreshPlace): Promise<string | undefined> => readWorktreeFile(directory, "flake.lock");

async function changesSince(place: RefreshPlace, before: string | undefined, why: string): Promise<StepResult> {
  await stageNewFiles(place.directory, ["flake.lock"]);
  const [was, is] = [parseLock(before ?? ""), parseLock((await lockText(place)) ?? "")];
  if (!is.ok) return refused(is.problem, "Run `nix flake lock` and look at what it writes.");
  const changes = movedInputs(was.ok ? was.lock : undefined, is.lock).map(
    ({ input, from, to }): Change => ({
      step: "flake-lock",
      what: `flake.lock: ${input}`,
      ...(from !== undefined && { before: short(from) }),
      ...(to !== undefined && { after: short(to) }),
      why: to === undefined ? "flake.nix no longer declares it" : why,
      path: "flake.lock",
    }),
  );
  return { ok: true, changes, open: [] };
}

/** Without the hash of the content, which nobody reads. */
const short = (reference: string): string => reference.replace(/[?&]narHash=[^&]*/u, "").replace(/[?&]lastModified=\d+/u, "");

const refused = (message: string, next: string): StepResult => ({ ok: false, why: "failed", message, next, diagnoses: [] });

export const refusedBy = ({ why, diagnoses }: NixFailure): Extract<StepResult, { ok: false }> => ({
  ok: false,
  why,
  message: diagnoses[0].message,
  next: diagnoses[0].next,
  diagnoses,
});
