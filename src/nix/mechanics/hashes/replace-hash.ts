import type { Diagnosis } from "../../diagnosis.ts";
import { FAKE_HASH, type Hash, isFake, parseHash, spellings, writtenLike } from "../../hash.ts";
import { stringAt, tokenize, withoutComments } from "../../tokenize.ts";
import type { MechanicPlace, MechanicResult } from "../mechanic.ts";
import { inBase, readWorktreeFile, trackedFiles, writeEdits } from "../worktree-files.ts";
import { lockedGitCrates } from "./cargo-lock-text.ts";
import { type HashSite, hashSites } from "./hash-sites.ts";

/**
 * Puts the hash that Nix printed where the named derivation's hash stands. The hash of a pinned source (it stands in the base tree) is
 * never changed silently: only what pins itself otherwise is, vendored crates (by Cargo.lock) and git dependencies (by their revision).
 */
export async function replaceHash(diagnosis: Diagnosis, place: MechanicPlace): Promise<MechanicResult | undefined> {
  if (diagnosis.kind !== "hash-mismatch" || diagnosis.derivation === undefined) return undefined;
  const [specified, got] = [parseHash(diagnosis.specified), parseHash(diagnosis.got)];
  if (!specified || !got || specified.algorithm !== got.algorithm) return undefined;
  const name = diagnosis.derivation.name;
  const sources = await nixSources(place.worktree);
  const sites = [...sources].flatMap(([path, source]) => hashSites(path, source, specified));
  const gitCrates = lockedGitCrates(await cargoLocks(place.worktree));
  const site = siteOf(name, sites, gitCrates);
  const source = site && sources.get(site.path);
  if (!site || source === undefined) return undefined;
  if (!isFake(specified) && !selfPinned(site) && (await isPinned(specified, site, place))) return undefined;
  const replacement = writtenLike(got, parseHash(site.written) ? site.written : "");
  const after = `${source.slice(0, site.start)}"${replacement}"${source.slice(site.end)}`;
  const edits = [{ path: site.path, before: source, after }];
  await writeEdits(place.worktree, edits);
  place.knownHashes.add(diagnosis.got).add(replacement);
  return {
    name: "replace-hash",
    detail: `${site.path}:${site.line}: ${site.attribute} of ${name} is ${replacement}, as Nix printed it`,
    edits,
    staged: [],
  };
}

/** It is a person's: it stands in the base tree, and so does every revision, version or address that the set names beside it. */
async function isPinned(hash: Hash, site: HashSite, { worktree, base = "HEAD" }: MechanicPlace): Promise<boolean> {
  if (!(await inBase(worktree, base, spellings(hash)))) return false;
  for (const pin of site.siblings) if (!(await inBase(worktree, base, [pin]))) return false;
  return true;
}

/** The hash of dependencies that another lock had becomes a fake one, which the next build fills by what Nix prints. */
export async function forgetStaleHash(diagnosis: Diagnosis, { worktree }: MechanicPlace): Promise<MechanicResult | undefined> {
  if (diagnosis.kind !== "stale-hash") return undefined;
  const found = [...(await nixSources(worktree))].flatMap(([path, before]) =>
    lockHashes(before).map((site) => ({ path, before, ...site })),
  );
  const [only, other] = found;
  // Several packages with dependencies of their own: which of them is stale is not known.
  if (!only || other) return undefined;
  const { path, before, start, end, line, attribute } = only;
  const edits = [{ path, before, after: `${before.slice(0, start)}${JSON.stringify(FAKE_HASH)}${before.slice(end)}` }];
  await writeEdits(worktree, edits);
  return {
    name: "replace-hash",
    detail: `${path}:${line}: ${attribute} was of another ${/^cargo/u.test(attribute) ? "Cargo.lock" : "lock"}; a fake one is in its place, which the next build fills`,
    edits,
    staged: [],
  };
}

interface LockHash {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly attribute: string;
}

/** What a lock of the dependencies pins: `cargoHash` and its old name by Cargo.lock, `npmDepsHash` by package-lock.json, `vendorHash` by go.sum. */
const OF_A_LOCK = /^(?:cargo(?:Hash|Sha256)|npmDepsHash|vendor(?:Hash|Sha256))$/u;

/** Literals that such a name is bound to. */
function lockHashes(source: string): readonly LockHash[] {
  const tokens = withoutComments(tokenize(source));
  return tokens.flatMap((token, index) => {
    const literal = stringAt(tokens, index + 2);
    const [first, last] = [tokens[index + 2], literal && tokens[literal.next - 1]];
    if (!OF_A_LOCK.test(token.text) || tokens[index + 1]?.text !== "=" || !literal || !first || !last) return [];
    const hash = parseHash(literal.value);
    return hash && !isFake(hash) ? [{ start: first.start, end: last.end, line: token.line, attribute: token.text }] : [];
  });
}

/** What a lock pins already: a new hash is no new source. */
const selfPinned = (site: HashSite): boolean => OF_A_LOCK.test(site.attribute) || site.within === "outputHashes";

async function nixSources(worktree: string): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>();
  for (const path of await trackedFiles(worktree, "*.nix")) {
    const text = await readWorktreeFile(worktree, path);
    if (text !== undefined) sources.set(path, text);
  }
  return sources;
}

async function cargoLocks(worktree: string): Promise<readonly string[]> {
  const texts = await Promise.all(
    (await trackedFiles(worktree, "Cargo.lock", "*/Cargo.lock")).map((path) => readWorktreeFile(worktree, path)),
  );
  return texts.filter((text) => text !== undefined);
}

/**
 * The site that the derivation's name means: the only one; else the one whose set, key or kind fits the name best. Two that fit equally well
 * are left to a person or a model, for a wrong hash in a wrong place costs more than a question.
 */
export function siteOf(
  name: string,
  sites: readonly HashSite[],
  gitCrates: ReadonlyMap<string, readonly string[]>,
): HashSite | undefined {
  const [only, second] = sites;
  if (only !== undefined && second === undefined) return only;
  const scored = sites.map((site) => ({ site, score: likeness(name, site, gitCrates) })).sort((a, b) => b.score - a.score);
  const [best, next] = scored;
  return best && best.score > 0 && best.score > (next?.score ?? 0) ? best.site : undefined;
}

function likeness(name: string, site: HashSite, gitCrates: ReadonlyMap<string, readonly string[]>): number {
  const vendored = /-vendor(?:-staging)?(?:\.tar\.gz)?$|^cargo-deps/u.test(name);
  const cargo = /^cargo(?:Hash|Sha256)$/u.test(site.attribute);
  if (vendored !== cargo) {
    if (vendored || cargo) return 0;
  }
  if (site.within === "outputHashes") {
    // fetchgit calls its derivation REPO-REVISION; Cargo.lock knows which crates come from there.
    const crates = gitCrates.get(name) ?? [...gitCrates].find(([checkout]) => sameCheckout(checkout, name))?.[1] ?? [];
    return crates.includes(site.attribute) || name.startsWith(site.attribute) ? 10 : 0;
  }
  return site.siblings.reduce((sum, text) => sum + (mentions(name, text) ? text.length : 0), cargo ? 1 : 0);
}

/** `repo-1a2b3c4`: seven or more digits of the revision. */
function sameCheckout(checkout: string, name: string): boolean {
  const [, repo = "", revision = ""] = checkout.match(/^(.*)-([0-9a-f]{40})$/u) ?? [];
  const [, otherRepo = "", short = ""] = name.match(/^(.*)-([0-9a-f]{7,40})$/u) ?? [];
  return revision !== "" && short !== "" && revision.startsWith(short) && (repo === otherRepo || otherRepo === "source");
}

/** A sibling's value (a name, a version, the file of an address) occurs in the derivation's name. */
function mentions(name: string, text: string): boolean {
  const last =
    text
      .replace(/[?#].*$/u, "")
      .split("/")
      .at(-1) ?? "";
  return last.length >= 2 && name.includes(last);
}
