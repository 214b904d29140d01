import { tryGit } from "../../../system/git.ts";
import { parseHash, sameHash } from "../../hash.ts";
import type { BuildOptions, NixFailure } from "../../nix.ts";
import { readVendorDerivation, VENDOR_DERIVATION } from "../../questions/vendor-derivation.ts";
import type { MechanicPlace } from "../mechanic.ts";

/**
 * A fixed-output path that is in the store satisfies the build although what made it changed (field notes §3). So where Cargo.lock is another
 * one than at the base, and the hash of the vendored crates is not of this session, they are fetched again and compared.
 * @returns what Nix said of the second fetch, if it differs
 */
export async function staleVendor(
  { nix, worktree, base = "HEAD", knownHashes }: MechanicPlace,
  attribute: string,
  options: BuildOptions,
): Promise<NixFailure | undefined> {
  const changed = await tryGit(["diff", "--quiet", base, "--", "Cargo.lock", "*/Cargo.lock"], { cwd: worktree });
  // 0: the same; more than 1: there is no base to compare with, and then no earlier output either.
  if (changed.exit !== 1) return undefined;
  const asked = await nix.evaluate(worktree, attribute, { ...options, apply: VENDOR_DERIVATION });
  const vendor = asked.ok ? readVendorDerivation(asked.value) : undefined;
  const hash = vendor && parseHash(vendor.hash);
  if (!vendor || !hash || [...knownHashes].some((known) => isSame(known, hash))) return undefined;
  const again = await nix.build(worktree, [`${vendor.drvPath}^*`], { ...options, rebuild: true });
  // A source that cannot be reached a second time says nothing about the hash.
  return !again.ok && again.why === "failed" && again.diagnoses[0].kind === "hash-mismatch" ? again : undefined;
}

function isSame(known: string, hash: NonNullable<ReturnType<typeof parseHash>>): boolean {
  const parsed = parseHash(known);
  return parsed !== undefined && sameHash(parsed, hash);
}
