import type { LockedCrate } from "../../repo/facts.ts";
import type { PlannedCrate } from "./planned-step.ts";

/** Archives of crates by what Cargo.lock says of them. Pure. */

export interface LockedArchive {
  readonly name: string;
  readonly version: string;
  /** undefined: it comes from git or another registry. */
  readonly checksum: string | undefined;
}

/** What nixpkgs' fetchCrate downloads from, as Cargo.lock names it. */
const PUBLIC_REGISTRY = /^https:\/\/(?:github\.com\/rust-lang\/crates\.io-index|index\.crates\.io\/?)$/u;

/** By the name of the folder that cargo unpacks a crate to. */
export const lockedArchives = (crates: readonly LockedCrate[]): ReadonlyMap<string, LockedArchive> =>
  new Map(
    crates
      .filter(({ source }) => source !== undefined)
      .map(({ name, version, checksum, source }) => [
        `${name}-${version}`,
        { name, version, checksum: source !== undefined && PUBLIC_REGISTRY.test(source.url) ? checksum : undefined },
      ]),
  );

/** The crates of these folders; what Cargo.lock has no checksum for is told. */
export function findCrates(
  folders: readonly string[],
  locked: ReadonlyMap<string, LockedArchive>,
  found: (message: string) => void,
): readonly PlannedCrate[] {
  return folders.flatMap((folder) => {
    const archive = locked.get(folder);
    if (archive?.checksum !== undefined && /^[0-9a-f]{64}$/u.test(archive.checksum))
      return [{ name: archive.name, version: archive.version, checksum: archive.checksum }];
    found(
      archive
        ? `uses the crate ${folder}, which is no archive of the public registry with a checksum in Cargo.lock; hold it in the repository (cargo vendor) and record again`
        : `uses the crate ${folder}, which the tracked Cargo.lock does not hold; bring it up to date (cargo build), git add it, record again`,
    );
    return [];
  });
}
