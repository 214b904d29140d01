import { type Evidence, firstMatch, type LineMatch, type Recogniser } from "../finding.ts";
import { linkerWords } from "./linker.ts";

/** What cargo and rustc say before they say anything of the program: toolchain, workspace, paths, vendor folder. */

export const toolchain: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /rustc (\d[\w.-]*) is not supported by the following packages?/u) ??
    firstMatch(evidence, /(?:package|`)[^`]*`([^`]+)`? cannot be (?:built|compiled) because it requires rustc (\d[\w.]*)/u) ??
    firstMatch(evidence, /feature `([a-z0-9_-]+)` is required/u) ??
    firstMatch(evidence, /this version of Cargo is older than the `(\d+)` edition/u) ??
    firstMatch(evidence, /`#!\[feature\]` may not be used on the (stable|beta) release channel/u) ??
    firstMatch(evidence, /the (?:option|`-Z[^`]*`|`-Z` flag) .*is only accepted on the nightly/u) ??
    firstMatch(evidence, /[Nn]ightly .* is not available|toolchain '([^']+)' is not (?:installed|available)/u) ??
    firstMatch(evidence, /rust-version (\d[\w.]*) is (?:not supported|incompatible)/u);
  if (!found) return undefined;
  const need =
    evidence.text.match(/`([A-Za-z0-9_-]+)[ @]v?[\w.+-]+`? cannot be (?:built|compiled) because it requires rustc (\d[\w.]*)/u) ??
    evidence.text.match(/([A-Za-z0-9_-]+)@[\w.+-]+ requires rustc (\d[\w.]*)/u);
  const actual =
    evidence.text.match(/rustc (\d[\w.-]*) is not supported/u)?.[1] ??
    evidence.text.match(/currently active rustc version is (\d[\w.-]*)/u)?.[1];
  const nightly = /nightly|may not be used on the/iu.test(found.line);
  const edition = evidence.text.match(/(?:feature `edition(\d+)` is required|older than the `(\d+)` edition)/u);
  const required = need?.[2] ?? (nightly ? "nightly" : edition ? `edition ${edition[1] ?? edition[2] ?? ""}` : undefined);
  const crate = need?.[1];
  return {
    facts: {
      kind: "toolchain",
      ...(required !== undefined && { required }),
      ...(actual !== undefined && { actual }),
      ...(crate !== undefined && { crate }),
    },
    message:
      crate === undefined
        ? found.line.replace(/^error: /u, "")
        : `${crate} requires rustc ${required ?? ""}${actual === undefined ? "" : `; this nixpkgs has ${actual}`}`,
    next: nightly
      ? "A nightly compiler is wanted: take the toolchain of rust-toolchain.toml from an overlay (rust-overlay, fenix), or turn the feature off."
      : "The compiler of the locked nixpkgs is too old: move the nixpkgs input to a newer release, or take the toolchain from an overlay (rust-overlay, fenix); nix_attr rustc says what a nixpkgs has.",
    at: found.at,
  };
};

export const mixedToolchains: Recogniser = (evidence) => {
  const found = firstMatch(
    evidence,
    /found invalid metadata files for crate|compiled by an incompatible version of rustc|E0514/u,
  );
  if (!found) return undefined;
  return {
    facts: { kind: "mixed-toolchains" },
    message: found.line,
    next: "Two compilers meet in one build: give one toolchain to every step (dependencies, package, checks, devShell), for instance craneLib.overrideToolchain or makeRustPlatform once.",
    at: found.at,
  };
};

export const workspace: Recogniser = (evidence) => {
  const found =
    // In a workspace it stands below the member that cannot be loaded for it, and is the cause.
    firstMatch(evidence, /error inheriting `[^`]+` from workspace root manifest/u) ??
    firstMatch(evidence, /failed to load manifest for workspace member `?([^`\s]+)`?/u) ??
    firstMatch(evidence, /failed to find a workspace root/u) ??
    firstMatch(evidence, /current package believes it's in a workspace when it's not/u) ??
    firstMatch(evidence, /package ID specification `([^`]+)` did not match any packages/u) ??
    firstMatch(evidence, /package `([^`]+)` is a member of the wrong workspace/u) ??
    firstMatch(evidence, /(?:virtual manifest|the manifest is virtual|found a virtual manifest)/u);
  if (!found || wantsOutside(evidence, found.match[1])) return undefined;
  const member = found.match[1]?.replace(/^\/build\/[^/]+\//u, "");
  return {
    facts: { kind: "workspace", ...(member !== undefined && { member }) },
    message: found.line.replace(/^error: /u, ""),
    next: 'Build from the workspace root: give pname and version as text, keep every member\'s Cargo.toml and sources in src, and choose the member with cargoExtraArgs or cargoBuildFlags = "-p NAME".',
    at: found.at,
  };
};

/** What a member cannot be loaded for is a manifest beside the source: the member itself is fine. */
function wantsOutside(evidence: Evidence, member: string | undefined): boolean {
  const wanted = firstMatch(evidence, /failed to read `(\/build\/[^`]+\/Cargo\.toml)`/u)?.match[1];
  const [source, read] = [member, wanted].map((path) => /^\/build\/[^/]+\//u.exec(path ?? "")?.[0]);
  return source !== undefined && read !== undefined && source !== read;
}

/** `failed to read …/Cargo.toml` of a path dependency that src does not hold. */
export const pathOutsideSource: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /failed to read `(\/build\/[^`]+\/Cargo\.toml)`/u) ??
    firstMatch(evidence, /unable to update (\/build\/[^\s`]+)/u) ??
    firstMatch(evidence, /failed to load source for dependency `([^`]+)`/u) ??
    firstMatch(evidence, /contains the absolute path '([^']+)' which is not allowed/u) ??
    firstMatch(evidence, /absolute (?:`\[patch\]`|path).*?[`'"]?(\/[^\s`'"]+)/u);
  const path = found?.match[1];
  if (!found || path === undefined || /vendor/u.test(path)) return undefined;
  const shown = path.replace(/^\/build\/(?:source\/|[^/]+-source\/)?/u, "").replace(/\/Cargo\.toml$/u, "");
  return {
    facts: { kind: "path-outside-source", path: shown },
    message: `the path dependency '${shown}' is not in the source that Nix builds`,
    next: "Widen src to the folder that holds both (often the repository root, with lib.fileset) and build the sub-folder from there (cargoRoot, sourceRoot, buildAndTestSubdir or -p NAME).",
    at: found.at,
  };
};

/** A file of a vendored crate. */
export const vendoredGitFiles: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /failed to read (?:file )?[`'"]?([^`'"\s]*(?:vendor|cargo-deps|cargo-git)[^`'"\s]*)/u) ??
    firstMatch(
      evidence,
      /couldn't read [`'"]?([^`'"\s]*(?:cargo-vendor-dir|vendor-cargo-deps|-vendor\/|\/vendor\/)[^`'"\s]*)[`'"]?: No such file/u,
    );
  const path = found?.match[1];
  if (!found || path === undefined) return undefined;
  return {
    facts: { kind: "vendored-git-files", path: path.replace(/^.*\/nix\/store\/[a-z0-9]{32}-/u, "") },
    message: found.line.replace(/^error: /u, ""),
    next: "Vendoring keeps only what cargo packages of the git dependency: add the file in the vendored copy (crane: overrideVendorGitCheckout), use cargoHash, or have it fixed upstream.",
    at: found.at,
  };
};

/** Where the sources of dependencies lie: vendor folders of nixpkgs and crane, naersk's two, and cargo's own. */
const DEPENDENCY =
  "[^\\s`'\":]*(?:vendor|cargo-deps|git-dependencies|crates-io-dependencies|/\\.cargo/registry/|/sources/)[^\\s`'\":]*";
const DENIED = "(?:Permission denied|Read-only file system|PermissionDenied|ReadOnlyFilesystem)";
const WRITES_INTO = new RegExp(`(${DEPENDENCY})[\`'"]?.*${DENIED}`, "u");
const DENIED_INTO = new RegExp(`${DENIED}.*?(${DEPENDENCY})`, "u");

export const vendorWrite: Recogniser = (evidence) => {
  const found = firstMatch(evidence, WRITES_INTO) ?? firstMatch(evidence, DENIED_INTO);
  if (!found) return undefined;
  const path = found.match[1]?.replace(/^.*\/nix\/store\/[a-z0-9]{32}-/u, "").replace(/^\/build\/(?:source\/)?/u, "");
  return {
    facts: { kind: "vendor-write", ...(path !== undefined && path !== "" && { path }) },
    message: found.line,
    next: "A build script writes into its own source, which is read-only when vendored: it should write to OUT_DIR (fix upstream); as a last resort copy the vendor folder and make it writable before the build.",
    at: found.at,
  };
};

/** A build script that runs git for what it tells of the source; one that fetches with it wants something else. */
function asksGit(evidence: Evidence): LineMatch | undefined {
  if (!/failed to run custom build command/u.test(evidence.text)) return undefined;
  const found = firstMatch(
    evidence,
    /\bgit\b(?!-| ?(?:clone|fetch|submodule|pull))[^/]*(?:NotFound|No such file or directory|command not found|not found)|git(?: (?:rev-parse|describe|log|show))[^/]*(?:failed|NotFound)/u,
  );
  return found && /warning|Compiling|Updating/u.test(found.line) ? undefined : found;
}

export const gitMetadata: Recogniser = (evidence) => {
  const variable =
    firstMatch(
      evidence,
      /environment variable `([A-Z0-9_]*(?:VERGEN|GIT|COMMIT|SHA|BUILD|REVISION)[A-Z0-9_]*)` not defined at compile time/u,
    ) ?? firstMatch(evidence, /\b(VERGEN_[A-Z_]+)\b.*(?:not (?:set|found|defined)|NotPresent)/u);
  const found =
    variable ??
    firstMatch(evidence, /could not find repository (?:from|at)|fatal: not a git repository|not a git repository \(or any/u) ??
    asksGit(evidence);
  if (!found) return undefined;
  const name = variable?.match[1] ?? watchedRevision(evidence);
  return {
    facts: { kind: "git-metadata", ...(name !== undefined && { variable: name }) },
    message: found.line.replace(/^error: /u, ""),
    next: `The sandbox has no .git: set ${name ?? "the variable that the build script reads"} = self.shortRev or self.dirtyShortRev or "unknown"; for vergen, VERGEN_IDEMPOTENT = "1" may be enough.`,
    at: found.at,
  };
};

/**
 * The one variable named like a revision that the build script which failed says it reads: who sets it need not have git. Of several nobody
 * can say which would have done.
 */
function watchedRevision({ text }: Evidence): string | undefined {
  const script = text.slice(text.lastIndexOf("failed to run custom build command"));
  const watched = [...script.matchAll(/^\s*cargo::?rerun-if-env-changed=([A-Z][A-Z0-9_]*)\s*$/gmu)].map(([, name = ""]) => name);
  const [only, ...others] = new Set(
    watched.filter((name) => /(?:^|_)(?:REV|REVISION|COMMIT|SHA|GIT_HASH|GIT_SHA|GIT_REV)(?:_|$)/u.test(name)),
  );
  return others.length === 0 ? only : undefined;
}

/** naersk and crane compile the dependencies against an empty program first. */
export const dummySource: Recogniser = (evidence) => {
  if (evidence.derivation?.owner !== "own-deps" && !/dummy-src/u.test(evidence.text)) return undefined;
  const found = firstMatch(evidence, /^\s*error(?:\[E\d+\])?: (?!could not compile|failed to run custom build|builder)/u);
  if (!found) return undefined;
  const linker = /linking with/u.test(found.line) ? linkerWords(evidence, found.at) : undefined;
  return {
    facts: { kind: "dummy-source" },
    message: linker ? `${found.line}: ${linker.line}` : found.line,
    next: "The dependencies' step builds a stand-in source and fails on it: give it what it misses (crane: extraDummyScript, dummyrs), put native inputs on it too, or build in one step (naersk: singleStep = true; crane: cargoArtifacts = null).",
    at: linker?.at ?? found.at,
  };
};

/** A build script that failed for a reason no other rule knows: its panic is the message. */
export const buildScript: Recogniser = (evidence) => {
  const failed = firstMatch(evidence, /failed to run custom build command for `([A-Za-z0-9_-]+) v/u);
  const crate = failed?.match[1];
  if (!failed || crate === undefined) return undefined;
  const panic = evidence.lines.findIndex((line) => /panicked at/u.test(line));
  const said = panic === -1 ? undefined : evidence.lines.slice(panic + 1, panic + 4).find((line) => line.trim() !== "");
  return {
    facts: { kind: "unknown" },
    message: `the build script of ${crate} failed${said === undefined ? "" : `: ${said.trim()}`}`,
    next: /NotFound|No such file/u.test(said ?? "")
      ? "It looks for a program or file that the sandbox does not have: read its build.rs, then add the program to nativeBuildInputs or the file to src."
      : "Read its panic in the excerpt and its build.rs; give the build what it looks for (an input, a variable, a file).",
    at: panic === -1 ? failed.at : panic,
  };
};
