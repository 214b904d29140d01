import { firstMatch, type Recogniser } from "../finding.ts";

/** Cargo.lock, crate downloads, git dependencies. */

/** Texts of nixpkgs' importCargoLock. */
export const gitDependencyHash: Recogniser = (evidence) => {
  const missing = firstMatch(evidence, /No hash was found while vendoring the git dependency ([^\s.]+(?:\.[^\s.]+)*)\./u);
  const stale = missing
    ? undefined
    : firstMatch(evidence, /A hash was specified for ([^\s,]+), but there is no corresponding git dependency/u);
  const hit = missing ?? stale;
  const dependency = hit?.match[1];
  if (!hit || dependency === undefined) return undefined;
  return {
    facts: { kind: "git-dependency-hash", dependency, stale: stale !== undefined },
    message: stale
      ? `outputHashes has an entry for ${dependency}, which Cargo.lock does not hold`
      : `the git dependency ${dependency} has no hash in outputHashes`,
    next: stale
      ? `Delete the entry "${dependency}" from outputHashes (or correct its version).`
      : `An entry "${dependency}" = lib.fakeHash; in cargoLock.outputHashes is enough: the tool puts in the hash that Nix prints.`,
    at: hit.at,
  };
};

const LOCK_OUTDATED =
  /(?:the lock file .* needs to be updated|cannot update the lock file .*|the lock file .* could not be updated|cannot create the lock file .*)(?: but| because)? --(?:locked|frozen|offline)|--locked was passed to prevent this|perhaps a crate was updated and forgotten to be re-vendored|location searched: (?:directory source|.*which is replacing)|checksum for `[^`]+` (?:changed|was not previously calculated|could not be calculated)/u;

export const cargoLock: Recogniser = (evidence) => {
  const version = firstMatch(
    evidence,
    /lock file version [`']?(\d+)[`']? (?:requires `-Znext-lockfile-bump`|was found, but this version of Cargo does not understand)/u,
  );
  if (version) {
    return {
      facts: { kind: "cargo-lock", problem: "version" },
      message: version.line.replace(/^error: /u, ""),
      next: "The cargo of this nixpkgs is older than the lock file: move the nixpkgs input to one with a newer Rust (1.78 reads version 4), or use a toolchain overlay.",
      at: version.at,
    };
  }
  const missing = firstMatch(
    evidence,
    /requires Cargo\.lock to be available in root|[Mm]issing Cargo\.lock|unable to find Cargo\.lock|[Cc]annot find (?:a )?Cargo\.lock|Cargo\.lock (?:file )?(?:does not exist|not found|is missing)|couldn't find (?:a )?Cargo\.lock/u,
  );
  if (missing) {
    return {
      facts: { kind: "cargo-lock", problem: "missing" },
      message: missing.line.replace(/^error: /u, ""),
      next: "Nix builds from Cargo.lock alone: let git track it (delete its line from .gitignore if it is ignored), or make one with cargo generate-lockfile once a person agrees.",
      at: missing.at,
    };
  }
  const outdated = firstMatch(evidence, LOCK_OUTDATED);
  if (!outdated) return undefined;
  return {
    facts: { kind: "cargo-lock", problem: "outdated" },
    message: outdated.line.replace(/^error: /u, ""),
    next: "Cargo.lock does not fit Cargo.toml: bring it up to date with cargo update --workspace (a person must agree), or take the newer Cargo.lock of the repository.",
    at: outdated.at,
  };
};

/** nixpkgs' cargoSetupHook compares the Cargo.lock of the source with the one that the crates were vendored by. */
export const staleHash: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /cargo(?:Hash or cargoSha256|Hash|Sha256) is out of date|Cargo\.lock is not the same in|The Cargo\.lock .* does not match/u,
  );
  if (!found) return undefined;
  return {
    facts: { kind: "stale-hash" },
    message: found.line.replace(/^error: /iu, ""),
    next: "The vendored crates belong to another Cargo.lock: set cargoHash to lib.fakeHash and build; the tool puts in the hash that Nix prints.",
    at: found.at,
  };
};

/** An address of crates.io that the flake sets besides (`extraRegistries`): once the crates are in the store nobody is asked, and cargo says this. */
const registryDefinedTwice: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /source `([^`]+)` defines source registry `crates-io`, but that source is already defined by `crates-io`/u,
  );
  const url = found?.match[1];
  if (!found || url === undefined) return undefined;
  return {
    facts: { kind: "registry-refused", url },
    message: `the flake defines crates.io once more, as ${url}, and cargo refuses that`,
    next: "Take the entry for crates.io out of importCargoLock's extraRegistries: the builder has an address of its own.",
    at: found.at,
  };
};

/** crates.io refuses the client of older builders; another host was named by the repository itself. */
function refusedNext(url: string | undefined): string {
  const host = url === undefined || !URL.canParse(url) ? undefined : new URL(url).hostname;
  return host === undefined || /(?:^|\.)crates\.io$/u.test(host)
    ? "This nixpkgs or builder asks the registry in the old way: move the nixpkgs input past May 2026 (naersk past 2026-06-08), or use cargoHash instead of cargoLock."
    : `${host} is no host of crates.io: search the repository for it (extraRegistries of importCargoLock, source replacement in .cargo/config.toml). Crates that Cargo.lock takes from crates.io need no other address; those of a private registry need to be vendored, since a build in the sandbox has no password.`;
}

/** The registry refuses clients that do not identify themselves (since spring 2026). */
export const registryRefused: Recogniser = (evidence) => {
  const twice = registryDefinedTwice(evidence);
  if (twice) return twice;
  const refused = firstMatch(
    evidence,
    /(?:requested URL returned error|HTTP error|response code|error code|got|status code):? (403|429)\b|cannot download crate-\S+ from any mirror/u,
  );
  // A version that does not exist ends in the same words, after a 404.
  if (!refused || (refused.match[1] === undefined && /error: 4(?:04|10)\b/u.test(evidence.text))) return undefined;
  const url = evidence.text.match(/https?:\/\/[^\s'"`]*\/(?:api\/v1\/)?crates\/[^\s'"`]+/u)?.[0];
  if (
    url === undefined &&
    !/crate-/u.test(evidence.text) &&
    !/\.crate|^crate-|cargo-package/u.test(evidence.derivation?.name ?? "")
  )
    return undefined;
  const status = Number(refused.match[1] ?? 403);
  return {
    facts: { kind: "registry-refused", url: url ?? evidence.derivation?.name ?? "", status },
    message: `the crate registry refused the download${url === undefined ? "" : ` of ${url}`} (HTTP ${status})`,
    next: refusedNext(url),
    at: refused.at,
    stage: "fetch",
  };
};
