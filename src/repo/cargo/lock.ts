import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import type { CargoProject, LockedCrate } from "../facts.ts";

/**
 * Cargo.lock in its four formats. Version 1 has no `version` key and keeps checksums in `[metadata]`; version 2 moves them into the
 * packages; 3 and 4 say their number and differ in how the URL of a git source is encoded (Cargo's `resolver/encode.rs`).
 */

const lockSchema = z.object({
  version: z.number().int().optional(),
  package: z
    .array(z.object({ name: z.string(), version: z.string(), source: z.string().optional(), checksum: z.string().optional() }))
    .optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

type Lock = CargoProject["lock"];

/** The newest format this program knows; a higher one is reported, not guessed at. */
export const NEWEST_LOCK_VERSION = 4;

function sourceOf(source: string): LockedCrate["source"] {
  const plus = source.indexOf("+");
  const kind = source.slice(0, plus);
  return { kind: kind === "git" ? "git" : "registry", url: source.slice(plus + 1) };
}

/** Reads a lock file; a text that is no lock file gives `invalid` with the parser's position. */
export function parseCargoLock(text: string): Lock {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    const problem =
      error instanceof TomlError ? `line ${error.line}, column ${error.column}: ${error.message.split("\n")[0]}` : String(error);
    return { state: "invalid", crates: [], problem };
  }
  const lock = lockSchema.safeParse(raw);
  if (!lock.success) return { state: "invalid", crates: [], problem: z.prettifyError(lock.error).split("\n").join(" ") };
  const { metadata = {}, package: packages = [] } = lock.data;
  const version = lock.data.version ?? (Object.keys(metadata).length > 0 ? 1 : 2);
  const crates = packages.map((entry): LockedCrate => {
    const checksum = entry.checksum ?? metadata[`checksum ${entry.name} ${entry.version} (${entry.source})`];
    const source = entry.source === undefined ? undefined : sourceOf(entry.source);
    return { name: entry.name, version: entry.version, ...(source && { source }), ...(checksum !== undefined && { checksum }) };
  });
  if (version > NEWEST_LOCK_VERSION)
    return {
      state: "invalid",
      version,
      crates,
      problem: `lock file version ${version} is newer than ${NEWEST_LOCK_VERSION}, the newest this program knows`,
    };
  return { state: "present", version, crates };
}
