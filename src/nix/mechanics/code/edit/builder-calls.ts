import { packageName } from "../../../diagnose/owner.ts";
import type { FailingDerivation } from "../../../diagnosis.ts";
import { bindingsOf, closing } from "../../../recipes/existing/bindings.ts";
import { type NixToken, nixTokens, plainString } from "../../../recipes/existing/nix-tokens.ts";
import type { CodeFile } from "./code-edit.ts";

/** Calls of the Rust builders and the argument sets that describe them: the literal one, and the one they have in common. */

const RUST_BUILDERS =
  /^(?:buildRustPackage|buildPackage|buildDepsOnly|buildTrunkPackage|buildWorkspace|cargo(?:Build|Clippy|Doc|DocTest|Nextest|Test|Tarpaulin|LlvmCov))$/u;

/** crane's functions that compile the project besides its package: without a name of their own they are of the package that has one. */
const BESIDE_PACKAGE = /^(?:buildDepsOnly|cargo(?:Build|Clippy|Doc|DocTest|Nextest|Test|Tarpaulin|LlvmCov))$/u;

interface Call {
  readonly builder: string;
  /** Offset of the opening brace of the set that stands in the call. */
  readonly literal?: number;
  /** Those of the sets that it has in common with other calls, as they are merged: what a later one binds hides the earlier. */
  readonly shared: readonly number[];
  /** pname, or naersk's name, where it is written out. */
  readonly name?: string;
  /** `final` in `final.rustPlatform.buildRustPackage`: a set of packages. */
  readonly packages?: string;
}

/** Whether what an argument is for compiles the project at all, or only what is installed of it. */
export type Reach = "compiled" | "installed";

/**
 * The sets in which an argument of the failing build belongs, from the last to the first: of the call that has the derivation's name where
 * exactly one has it, and of those that compile the same beside it; else of every call of a Rust builder; of plain mkDerivation only where
 * there is no other.
 */
export function argumentSets(
  source: string,
  derivation: FailingDerivation | undefined,
  argument?: string,
  reach: Reach = "compiled",
): readonly number[] {
  const opens = callsOfFailing(source, derivation, reach).flatMap((call) => {
    const [widest, ...narrower] = setsOfCall(call);
    // `common // { x = …; }`: what the call binds itself hides the common one.
    const hiding = narrower.filter((open) => argument !== undefined && binds(source, open, argument));
    return widest === undefined ? [] : [widest, ...hiding];
  });
  return [...new Set(opens)].sort((a, b) => b - a);
}

const setsOfCall = ({ literal, shared }: Call): readonly number[] => [...shared, ...(literal === undefined ? [] : [literal])];

function callsOfFailing(source: string, derivation: FailingDerivation | undefined, reach: Reach): readonly Call[] {
  const calls = callsOf(source);
  const rust = calls.filter(({ builder }) => RUST_BUILDERS.test(builder));
  const own = derivation && packageName(derivation.name).replace(/-deps$/u, "");
  const named = own === undefined || derivation?.owner === "own-deps" ? [] : calls.filter(({ name }) => name === own);
  if (named.length !== 1 || (named[0]?.shared ?? []).length > 0) return rust.length > 0 ? rust : calls;
  return reach === "installed"
    ? named
    : [...named, ...rust.filter(({ builder, name }) => name === undefined && BESIDE_PACKAGE.test(builder))];
}

/** How the calls of the failing build name the set of packages they take their builder from (`pkgs`, `final`); undefined: they do not agree. */
export function packageSetOf(source: string, derivation: FailingDerivation | undefined): string | undefined {
  const [first, ...others] = callsOfFailing(source, derivation, "installed").map(({ packages }) => packages);
  return others.every((name) => name === first) ? first : undefined;
}

/** The sets that the calls of some builders take, from the last to the first: of each call the one that it shares most widely. */
export function setsOf(source: string, builders: RegExp): readonly number[] {
  const opens = callsOf(source).flatMap((call) => (builders.test(call.builder) ? setsOfCall(call).slice(0, 1) : []));
  return [...new Set(opens)].sort((a, b) => b - a);
}

const hasRustCall = (source: string): boolean => callsOf(source).some(({ builder }) => RUST_BUILDERS.test(builder));

/** Files that call a Rust builder; where none does, those that call mkDerivation. */
export function buildFiles(files: readonly CodeFile[]): readonly CodeFile[] {
  const rust = files.filter(({ text }) => hasRustCall(text));
  return rust.length > 0 ? rust : files.filter(({ text }) => /\bmkDerivation\b/u.test(text));
}

/** Whether the set that opens at an offset binds an attribute, or one below it. */
export function binds(source: string, open: number, name: string): boolean {
  const tokens = nixTokens(source);
  const at = tokens.findIndex(({ start }) => start === open);
  return at >= 0 && bindingsOf(tokens, at).some(({ path }) => path[0] === name);
}

function callsOf(source: string): readonly Call[] {
  const tokens = nixTokens(source);
  return tokens.flatMap((token, index) => {
    if (token.kind !== "word" || !(RUST_BUILDERS.test(token.text) || token.text === "mkDerivation")) return [];
    const after = tokens[index + 1]?.text;
    // A binding, an inherited name, or a function that is passed on.
    if (after === "=" || after === ";" || after === undefined) return [];
    const call = { builder: token.text, ...readCall(tokens, index + 1) };
    const packages = packagesBefore(tokens, index);
    return setsOfCall(call).length > 0 ? [{ ...call, builder: token.text, ...(packages !== undefined && { packages }) }] : [];
  });
}

/** `NAME.rustPlatform.` or `NAME.stdenv.` before a builder. */
function packagesBefore(tokens: readonly NixToken[], index: number): string | undefined {
  const [name, dot, platform, last] = tokens.slice(Math.max(0, index - 4), index);
  const isPath = name?.kind === "word" && dot?.text === "." && last?.text === "." && tokens[index - 5]?.text !== ".";
  return isPath && /^(?:rustPlatform|stdenv|stdenvNoCC|clangStdenv)$/u.test(platform?.text ?? "") ? name.text : undefined;
}

function readCall(tokens: readonly NixToken[], at: number): Omit<Call, "builder"> {
  const token = tokens[at];
  if (token?.text === "{") return literalCall(tokens, at);
  if (token?.text === "rec" && tokens[at + 1]?.text === "{") return literalCall(tokens, at + 1);
  if (token?.kind === "word") return { shared: boundSets(tokens, token.text) };
  if (token?.text !== "(") return { shared: [] };
  const end = closing(tokens, at);
  let literal: Omit<Call, "builder"> = { shared: [] };
  for (let inner = at + 1; inner < end; inner++) {
    const { kind, text } = tokens[inner] ?? {};
    if (kind !== "mark") continue;
    if (text === "{" && tokens[closing(tokens, inner) + 1]?.text !== ":") literal = literalCall(tokens, inner);
    if (text === "{" || text === "(" || text === "[") inner = closing(tokens, inner);
  }
  const first = tokens[at + 1];
  const merges = tokens.slice(at, end).some((_, index) => isMerge(tokens, at + index));
  return { ...literal, shared: merges && first?.kind === "word" ? boundSets(tokens, first.text) : [] };
}

function literalCall(tokens: readonly NixToken[], open: number): Omit<Call, "builder"> {
  const start = tokens[open]?.start;
  if (start === undefined) return { shared: [] };
  const bound = bindingsOf(tokens, open).find(({ path }) => path.length === 1 && (path[0] === "pname" || path[0] === "name"));
  const token = bound && bound.to === bound.from + 1 ? tokens[bound.from] : undefined;
  const name = token && plainString(token);
  return { literal: start, shared: [], ...(name !== undefined && { name }) };
}

const isMerge = (tokens: readonly NixToken[], at: number): boolean => tokens[at]?.text === "/" && tokens[at + 1]?.text === "/";

/**
 * The sets that a name stands for, as they are merged: `common = { … };`, `common = rec { … };`, `common = pkgs: { … };`, and
 * `program = common // { … };`. None where the first of them is not written out in this file: an argument that is added to the others would
 * hide what that one binds.
 */
function boundSets(tokens: readonly NixToken[], name: string, within: readonly string[] = []): readonly number[] {
  const bound = tokens.findIndex((token, i) => token.kind === "word" && token.text === name && tokens[i + 1]?.text === "=");
  if (bound < 0 || within.includes(name)) return [];
  const sets: number[] = [];
  for (let at = bodyAt(tokens, bound + 2); ; at += 2) {
    const open = tokens[at]?.text === "rec" ? at + 1 : at;
    const start = tokens[open]?.start;
    if (tokens[open]?.text === "{" && start !== undefined) {
      sets.push(start);
      at = closing(tokens, open) + 1;
    } else {
      const others = tokens[at]?.kind === "word" ? boundSets(tokens, tokens[at]?.text ?? "", [...within, name]) : [];
      if (others.length === 0) return sets;
      sets.push(...others);
      at += 1;
      // What a common function is applied to.
      while (tokens[at]?.kind === "word") at += 1;
    }
    if (!isMerge(tokens, at)) return sets;
  }
}

/** Where the body of a function begins that stands at a token; where none stands there, that token. */
function bodyAt(tokens: readonly NixToken[], from: number): number {
  let at = from;
  for (;;) {
    const last = tokens[at]?.text === "{" ? closing(tokens, at) : tokens[at]?.kind === "word" ? at : tokens.length;
    if (tokens[last + 1]?.text !== ":") return at;
    at = last + 2;
  }
}
