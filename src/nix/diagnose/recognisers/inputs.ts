import { type Evidence, firstMatch, type LineMatch, type Recogniser } from "../finding.ts";

/** Inputs, lock and files that Nix cannot see. */

export const lockOutdated: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /requires lock file changes but they're not allowed|cannot write modified lock file of flake|lock file .* (?:is out of date|needs to be updated)/u,
  );
  if (!found) return undefined;
  return {
    facts: { kind: "lock-outdated" },
    message: "flake.lock does not match the inputs that flake.nix declares",
    next: "Write the lock (the tools do it when inputs change), and check that only the intended inputs moved.",
    at: found.at,
  };
};

/** A new file that git does not track, or one that does not exist: the text is the same, the worktree tells them apart. */
export const untrackedFile: Recogniser = (evidence) => {
  const tracked = firstMatch(evidence, /Path '([^']+)' in the repository "[^"]*" is not tracked by Git/u);
  const found =
    tracked ??
    firstMatch(evidence, /Path '([^']+)' does not exist in Git repository/u) ??
    firstMatch(evidence, /^(?:error: )?path '([^']+)' does not exist/u) ??
    firstMatch(
      evidence,
      /(?:opening file|getting status of|getting attributes of path|reading (?:file|directory)) '([^']+)': No such file or directory/u,
    ) ??
    firstMatch(evidence, /lib\.fileset\.\w+: .*\(([^()]+)\) is a path that does not exist/u) ??
    firstMatch(evidence, /does not contain a '\/?([^']*flake\.nix)' file/u) ??
    firstMatch(evidence, /source tree referenced by '[^']*' does not contain a '\/?([^']+)' file/u);
  const path = found?.match[1]?.replace(/^\/nix\/store\/[a-z0-9]{32}-source\//u, "");
  if (!found || path === undefined || /(?:^|\/)\.\.(?:\/|$)/u.test(path)) return undefined;
  if (/(?:^|\/)Cargo\.lock$/u.test(path))
    return {
      facts: { kind: "cargo-lock", problem: "missing", ...(path !== "Cargo.lock" && { path }) },
      message: `the flake does not see '${path}': it does not exist or git does not track it`,
      next: "Nix builds from Cargo.lock alone: let git track it (delete its line from .gitignore if it is ignored), or make one with cargo generate-lockfile once a person agrees.",
      at: found.at,
    };
  return {
    facts: { kind: "untracked-file", path },
    message: tracked
      ? `'${path}' is not tracked by git, so the flake does not see it`
      : `the flake does not see '${path}': it does not exist or git does not track it`,
    next: `If '${path}' exists, let git track it (git add --intent-to-add; the tools do so for files they write); else create it or correct the path.`,
    at: found.at,
  };
};

const UNREACHABLE =
  /Could not resolve host|Couldn't resolve host|Could not resolve hostname|Failed to connect|Connection (?:refused|timed out|reset)|Network is unreachable|Temporary failure in name resolution|Timeout was reached|SSL (?:connect|peer)|Resolving timed out|Couldn't connect to server|HTTP error 5\d\d/u;

export const inputNotFound: Recogniser = (evidence) => {
  const registry = firstMatch(evidence, /cannot find flake '(?:flake:)?([^']+)' in the flake registries/u);
  if (registry) {
    const name = registry.match[1] ?? "";
    return {
      facts: { kind: "input-not-found", url: name },
      message: `the input '${name}' has no address`,
      next: `Declare inputs.${name}.url with a full reference (github:OWNER/REPO/REF) in flake.nix; names of a registry are not resolved here.`,
      at: registry.at,
    };
  }
  const found =
    firstMatch(evidence, /unable to download '([^']+)'(?:: HTTP error (\d+))?/u) ??
    firstMatch(evidence, /fatal: unable to access '([^']+)'/u) ??
    firstMatch(evidence, /[Ff]ailed to fetch git repository '([^']+)'/u) ??
    firstMatch(evidence, /(?:fatal|ERROR): [Rr]epository '?([^']*?)'? not found/u) ??
    firstMatch(
      evidence,
      /(?:fatal: couldn't find remote ref|fatal: Remote branch|revspec|Cannot find Git revision|Git (?:reference|revision)) '?([^\s']+)'?/u,
    );
  // A failed git fetch ends in a complaint about the ref; the frame and git itself name the address.
  const named = /ref|revspec|revision|branch/iu.test(found?.line ?? "")
    ? (evidence.text.match(/unable to access '([^']+)'/u)?.[1] ?? evidence.text.match(/while fetching the input '([^']+)'/u)?.[1])
    : undefined;
  const url = (named ?? found?.match[1])?.replace(/\/$/u, "");
  if (!found || url === undefined) return undefined;
  const status = found.match[2] === undefined ? undefined : Number(found.match[2]);
  if (
    status === 401 ||
    status === 403 ||
    /could not read Username|Authentication failed|Permission denied \(publickey\)/u.test(evidence.text)
  )
    return undefined;
  const unreachable = UNREACHABLE.test(evidence.text) && (status === undefined || status >= 500);
  return {
    facts: { kind: "input-not-found", url, ...(status !== undefined && { status }) },
    message: unreachable
      ? `'${url}' could not be reached`
      : `'${url}' does not exist${status === undefined ? "" : ` (HTTP ${status})`}`,
    next: unreachable
      ? "Nothing was judged: the network or the host is down. Try again, or use a world that holds the inputs."
      : status === 422
        ? "The branch, tag or revision does not exist: correct ref in the input's url."
        : "Correct owner, repository or ref of the input's url; use an input that the documents or the world name.",
    at: found.at,
    ...(unreachable && { unavailable: true }),
  };
};

/**
 * A git source that Cargo.lock pins by its revision was there for whoever locked it; hosts answer "not found" to those who may not see it.
 * For an input of the flake that says no more than that its address may be wrong. A trace names both "the input"; builders fetch their
 * crates by the builtin, inputs are never fetched by it.
 */
function lockedButGone(evidence: Evidence): LineMatch | undefined {
  const gone = /fatal: repository '[^']+' not found|ERROR: Repository not found/u.test(evidence.text);
  const ofFlake = /while fetching the input/u.test(evidence.text) && !/while calling the 'fetchGit' builtin/u.test(evidence.text);
  if (!gone || ofFlake) return undefined;
  return (
    firstMatch(evidence, /Cannot find Git revision '[0-9a-f]{40}' in ref '[^']*' of repository '([^']+)'/u) ??
    // 2.8 says no more than that; what git said stands before it.
    firstMatch(evidence, /program 'git' failed with exit code 128/u)
  );
}

export const privateSource: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /unable to download '([^']+)': HTTP error 40[13]/u) ??
    firstMatch(evidence, /could not read (?:Username|Password) for '([^']+)'/u) ??
    firstMatch(evidence, /Authentication failed for '([^']+)'/u) ??
    firstMatch(evidence, /([^\s']+): Permission denied \(publickey/u) ??
    firstMatch(evidence, /Cannot handle crate source:? ?(\S*)/u) ??
    firstMatch(evidence, /failed to authenticate when downloading repository(?:: (\S+))?/u) ??
    firstMatch(evidence, /no (?:token found for|`dl` (?:key )?in) (\S+)/u) ??
    firstMatch(evidence, /cannot download crates of ([^\s;]+)/u) ??
    // crane, fetchCargoVendor, cargo of a registry that it does not know, git of a submodule.
    firstMatch(evidence, /not sure how to download crates from (\S+?)\.?$/u) ??
    firstMatch(evidence, /Only the default crates\.io registry is supported|[Cc]an't process source:? ?(\S*)/u) ??
    firstMatch(evidence, /registry config does not have a "dl" endpoint/u) ??
    firstMatch(
      evidence,
      /(?:registry index was not found in any configuration|no index found for registry): `([^`]+)`|registry `([^`]+)` (?:requires authentication|is not configured)/u,
    ) ??
    firstMatch(
      evidence,
      /[Uu]nable to update registry `(?!crates-io`|https:\/\/(?:github\.com\/rust-lang|index\.crates))([^`]+)`/u,
    ) ??
    firstMatch(evidence, /clone of '([^']+)' into submodule path '[^']*' failed/u) ??
    lockedButGone(evidence);
  if (!found) return undefined;
  const source = found.match[1];
  return {
    facts: { kind: "private-source", ...(source !== undefined && source !== "" && { source }) },
    message: found.line.replace(/^error: /u, ""),
    next: "A source needs credentials or an alternative registry: a person must provide access (netrc, access-tokens, registry configuration); no token may be written into the repository.",
    at: found.at,
  };
};

const OTHER_CONTENT =
  "Do not accept it silently: the pinned content changed, or a mirror packs it differently. Lock the input again and let a person review it.";

export const narHashMismatch: Recogniser = (evidence) => {
  // The words of 2.26.3 for a github input whose lock was written by hand.
  const field = firstMatch(evidence, /mismatch in field 'narHash' of input '(\{[^']*\})', got '(\{[^']*\})'/u);
  if (field) {
    const [, was = "", is = ""] = field.match;
    const value = (text: string, key: string): string => new RegExp(`"${key}":"([^"]*)"`, "u").exec(text)?.[1] ?? "";
    return {
      facts: { kind: "hash-mismatch", specified: value(was, "narHash"), got: value(is, "narHash") },
      message: `the locked input ${value(was, "owner")}/${value(was, "repo")} has other content than flake.lock says`,
      next: OTHER_CONTENT,
      at: field.at,
      stage: "fetch",
    };
  }
  const found = firstMatch(evidence, /NAR hash mismatch in input '([^']+)'/u);
  const hashes = evidence.text.match(/expected '([^']+)'[^']*got '([^']+)'/u);
  if (!found || !hashes) return undefined;
  return {
    facts: { kind: "hash-mismatch", specified: hashes[1] ?? "", got: hashes[2] ?? "" },
    message: `the locked input ${found.match[1] ?? ""} has other content than flake.lock says`,
    next: OTHER_CONTENT,
    at: found.at,
    stage: "fetch",
  };
};

/** builtins.fetchurl and fetchTarball check hashes while evaluating. */
export const downloadHashMismatch: Recogniser = (evidence) => {
  const found = firstMatch(evidence, /hash mismatch in file downloaded from '([^']+)'/u);
  const hashes = evidence.text.match(/specified:\s+(\S+)\s+got:\s+(\S+)/u);
  if (!found || !hashes) return undefined;
  return {
    facts: { kind: "hash-mismatch", specified: hashes[1] ?? "", got: hashes[2] ?? "" },
    message: `${found.match[1] ?? ""} has another hash than the expression says`,
    next: "If the source was changed on purpose, let the tool write the hash Nix printed; a changed hash of a pinned source is for a person to judge.",
    at: found.at,
    stage: "fetch",
  };
};

/** A fetcher's builder that found nothing at the address: git, curl and nixpkgs' fetchurl. */
export const downloadNotFound: Recogniser = (evidence) => {
  const repository = firstMatch(
    evidence,
    /fatal: repository '([^']+)' not found|fatal: couldn't find remote ref (\S+)|Unable to checkout (\S+) from/u,
  );
  const missing = repository ?? firstMatch(evidence, /(?:requested URL returned error|HTTP error|error):? (404|410)\b/u);
  if (!missing) return undefined;
  const status = repository ? undefined : Number(missing.match[1]);
  const url = repository
    ? missing.match.slice(1).find((part) => part !== undefined)
    : evidence.text.match(/https?:\/\/[^\s'"`)]+/u)?.[0];
  const address = url ?? evidence.derivation?.name ?? "";
  return {
    facts: { kind: "input-not-found", url: address, ...(status !== undefined && { status }) },
    message: `'${address}' does not exist`,
    next: "Correct the address, revision or version of the source; what the lock or Cargo.lock names must exist where builds may fetch it.",
    at: missing.at,
    stage: "fetch",
  };
};
