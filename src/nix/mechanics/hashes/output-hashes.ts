import type { Diagnosis } from "../../diagnosis.ts";
import { FAKE_HASH } from "../../hash.ts";
import { attributeNameAt, type NixToken, stringAt, tokenize, withoutComments } from "../../tokenize.ts";
import type { MechanicEdit, MechanicPlace, MechanicResult } from "../mechanic.ts";
import { readWorktreeFile, trackedFiles, writeEdits } from "../worktree-files.ts";
import { enclosingSet } from "./hash-sites.ts";

/** importCargoLock wants one outputHashes entry a git dependency: a fake one is put in (Nix then prints the real one), a stale one taken out. */
export async function mendOutputHashes(diagnosis: Diagnosis, { worktree }: MechanicPlace): Promise<MechanicResult | undefined> {
  if (diagnosis.kind !== "git-dependency-hash") return undefined;
  const { dependency, stale } = diagnosis;
  const edits: MechanicEdit[] = [];
  for (const path of await trackedFiles(worktree, "*.nix")) {
    const before = await readWorktreeFile(worktree, path);
    if (before === undefined) continue;
    const after = stale ? withoutEntry(before, dependency) : withEntry(before, dependency);
    if (after !== undefined && after !== before) edits.push({ path, before, after });
  }
  // Several files that each vendor crates: which of them failed is not known.
  if (edits.length !== 1) return undefined;
  await writeEdits(worktree, edits);
  const path = edits[0]?.path ?? "";
  return stale
    ? {
        name: "remove-output-hash",
        detail: `${path}: the entry of ${dependency}, which Cargo.lock does not hold, is gone from outputHashes`,
        edits,
        staged: [],
      }
    : {
        name: "add-output-hash",
        detail: `${path}: outputHashes has a fake entry for ${dependency}, which the next build fills`,
        edits,
        staged: [],
      };
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The source with a fake entry in every set that vendors crates and lacks it; undefined where there is none. */
export function withEntry(source: string, dependency: string): string | undefined {
  const tokens = withoutComments(tokenize(source));
  const entry = `${JSON.stringify(dependency)} = "${FAKE_HASH}";`;
  const insertions: Insertion[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== "identifier" || tokens[index + 1]?.text !== "=") return;
    if (token.text === "outputHashes" && tokens[index + 2]?.text === "{") {
      const open = tokens[index + 2];
      if (open && !hasEntry(tokens, index + 2, dependency))
        insertions.push({ at: open.end, text: `\n${indentOf(source, token.start)}  ${entry}` });
    }
    if (token.text === "lockFile") {
      const insertion = newSet(source, tokens, index, entry);
      if (insertion) insertions.push(insertion);
    }
  });
  if (insertions.length === 0) return undefined;
  return insertions
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, text: added }) => text.slice(0, at) + added + text.slice(at), source);
}

/** Behind `lockFile = …;`, where its set has no outputHashes yet. */
function newSet(source: string, tokens: readonly NixToken[], index: number, entry: string): Insertion | undefined {
  const open = enclosingSet(tokens, index);
  const end = open === undefined ? tokens.length : setEnd(tokens, open);
  if (tokens.slice(open ?? 0, end).some(({ text, kind }) => kind === "identifier" && text === "outputHashes")) return undefined;
  const semicolon = tokens.slice(index, end).find(({ text, kind }) => kind === "symbol" && text === ";");
  if (!semicolon) return undefined;
  const prefix = tokens[index - 1]?.text === "." ? "cargoLock." : "";
  const start = prefix === "" ? tokens[index] : tokens[index - 2];
  const indent = indentOf(source, start?.start ?? 0);
  // `cargoLock = { lockFile = ./Cargo.lock; };` on one line stays readable that way.
  const oneLine = open !== undefined && prefix === "" && tokens[open]?.line === semicolon.line;
  return {
    at: semicolon.end,
    text: oneLine ? ` outputHashes = { ${entry} };` : `\n${indent}${prefix}outputHashes = {\n${indent}  ${entry}\n${indent}};`,
  };
}

function hasEntry(tokens: readonly NixToken[], open: number, dependency: string): boolean {
  return tokens.slice(open, setEnd(tokens, open)).some((_, offset) => stringAt(tokens, open + offset)?.value === dependency);
}

function setEnd(tokens: readonly NixToken[], open: number): number {
  let level = 0;
  for (let at = open; at < tokens.length; at++) {
    const { text, kind } = tokens[at] ?? { text: "", kind: "symbol" };
    if (kind !== "symbol") continue;
    if (/^[([{]$/u.test(text)) level += 1;
    if (/^[)\]}]$/u.test(text) && --level === 0) return at;
  }
  return tokens.length;
}

const indentOf = (source: string, at: number): string =>
  source.slice(source.lastIndexOf("\n", at - 1) + 1).match(/^[ \t]*/u)?.[0] ?? "";

/** The source without `"NAME-VERSION" = "…";` in outputHashes, its line included when nothing else stands on it. */
export function withoutEntry(source: string, dependency: string): string | undefined {
  const tokens = withoutComments(tokenize(source));
  for (const [index, token] of tokens.entries()) {
    const name = attributeNameAt(tokens, index);
    if (token.kind !== "quote" || name?.name !== dependency || tokens[name.next]?.text !== "=") continue;
    const semicolon = tokens.slice(name.next).find(({ text, kind }) => kind === "symbol" && text === ";");
    if (!semicolon) return undefined;
    const lineStart = source.lastIndexOf("\n", token.start - 1) + 1;
    const lineEnd = source.indexOf("\n", semicolon.end);
    const alone =
      source.slice(lineStart, token.start).trim() === "" &&
      source.slice(semicolon.end, lineEnd === -1 ? undefined : lineEnd).trim() === "";
    return alone && lineEnd !== -1
      ? source.slice(0, lineStart) + source.slice(lineEnd + 1)
      : source.slice(0, token.start) + source.slice(semicolon.end).replace(/^ /u, "");
  }
  return undefined;
}
