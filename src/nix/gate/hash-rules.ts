import { tryGit } from "../../system/git.ts";
import { type FoundHash, findHashes, type Hash, isFake, parseHash, sameHash, spellings } from "../hash.ts";
import { tokenize } from "../tokenize.ts";
import type { GateProblem, ProposedChange } from "./proposal.ts";

/**
 * No model ever types a hash. A literal is fine when it is a fake one (Nix fills it), stands in the base tree, equals a checksum of
 * Cargo.lock, or was printed by Nix in this session, in whatever spelling.
 */

/** Prose may quote hashes; nothing is built from it. */
const PROSE = /\.(?:md|markdown|mdx|txt|rst|adoc|org|tex)$/iu;

interface Literal extends FoundHash {
  readonly line: number;
}

/** Hash literals of a file: in Nix those inside strings (a comment is none), elsewhere all. */
export function hashLiterals(path: string, text: string): readonly Literal[] {
  if (PROSE.test(path)) return [];
  if (!path.endsWith(".nix")) return withLines(text, 1);
  return tokenize(text).flatMap((token) => {
    // A hash without quotes cannot be written in Nix, but a path or address may hold one.
    if (token.kind !== "text" && token.kind !== "uri" && token.kind !== "path") return [];
    return withLines(token.value ?? token.text, token.line);
  });
}

/** One pass over the text, however many hashes it holds: a lock has thousands. */
function withLines(text: string, firstLine: number): readonly Literal[] {
  let line = firstLine;
  let at = 0;
  return findHashes(text).map((found) => {
    for (; at < found.index; at += 1) if (text[at] === "\n") line += 1;
    return { ...found, line };
  });
}

export interface HashQuestion {
  readonly worktree: string;
  readonly changes: readonly ProposedChange[];
  readonly knownHashes: ReadonlySet<string>;
  readonly base: string;
}

export async function hashProblems({ worktree, changes, knownHashes, base }: HashQuestion): Promise<readonly GateProblem[]> {
  const known = [...knownHashes].flatMap((text) => parseHash(text) ?? []);
  const isKnown = (hash: Hash): boolean => isFake(hash) || known.some((other) => sameHash(other, hash));
  const suspects = changes.flatMap(({ path, before, after }) => {
    const had = hashLiterals(path, before ?? "");
    const literals = hashLiterals(path, after ?? "");
    return literals
      .filter(({ hash }) => !isKnown(hash) && !had.some((other) => sameHash(other.hash, hash)))
      .map((literal) => ({ path, literal }));
  });
  if (suspects.length === 0) return [];
  const inBase = await standsInBase(
    worktree,
    base,
    suspects.map(({ literal }) => literal.hash),
  );
  return suspects
    .filter(({ literal }) => !inBase(literal.hash))
    .map(({ path, literal }) => ({
      rule: "literal-hash",
      file: path,
      line: literal.line,
      message: `the hash ${literal.text} was typed, not taken from Nix: it stands neither in the base tree nor in Cargo.lock, and Nix did not print it`,
      next: /(?:^|\/)flake\.lock$/u.test(path)
        ? "Leave flake.lock out of the proposal: the tools write it."
        : /(?:^|\/)Cargo\.lock$/u.test(path)
          ? "Leave Cargo.lock out of the proposal: cargo writes it, where a person allows it."
          : /(?:^|\/)(?:Cargo\.nix|crate-hashes\.json)$/u.test(path)
            ? "Leave it out of the proposal: the tools let the flake's own crate2nix write it."
            : "Write lib.fakeHash (or an empty string) instead and build: the tool puts in what Nix prints.",
    }));
}

/** Whether a hash occurs in the base commit in any spelling; Cargo.lock's checksums are part of that tree. */
async function standsInBase(worktree: string, base: string, hashes: readonly Hash[]): Promise<(hash: Hash) => boolean> {
  const patterns = [...new Set(hashes.flatMap(spellings))];
  const found = await tryGit(
    [
      "grep",
      "--fixed-strings",
      "--only-matching",
      "--no-color",
      "-h",
      "-I",
      ...patterns.flatMap((pattern) => ["-e", pattern]),
      base,
      "--",
    ],
    {
      cwd: worktree,
    },
  );
  // 1: nothing found; anything else (no commit yet) proves nothing, so nothing is allowed by it.
  const texts = new Set(found.exit === 0 ? found.stdout.split("\n") : []);
  return (hash) => spellings(hash).some((text) => texts.has(text));
}
