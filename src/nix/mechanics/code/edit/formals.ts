import { closing } from "../../../recipes/existing/bindings.ts";
import { type NixToken, nixTokens } from "../../../recipes/existing/nix-tokens.ts";

/** The arguments of a function that a file is, or of a flake's `outputs`. */

interface Formals {
  readonly open: NixToken;
  readonly close: NixToken;
  readonly names: readonly string[];
  /** Index of the closing brace among the tokens. */
  readonly end: number;
}

/** Adds a name to the argument set; undefined where there is none, or it has the name. */
export function addFormal(text: string, name: string, of?: "outputs"): string | undefined {
  const tokens = nixTokens(text);
  const formals = formalsAt(tokens, of === undefined ? 0 : behindOutputs(tokens));
  if (!formals || formals.names.includes(name)) return undefined;
  const first = tokens[tokens.indexOf(formals.open) + 1];
  if (!first) return undefined;
  if (first.text === "}") return `${text.slice(0, formals.open.end)} ${name} ${text.slice(first.start)}`;
  const gap = text.slice(formals.open.end, first.start);
  // One name a line: the new one gets its own.
  const line = gap.includes("\n") ? gap : " ";
  const last = tokens.slice(0, formals.end).findLast(({ text: word }) => word !== "," && word !== ".");
  const dots = tokens[formals.end - 1]?.text === ".";
  if (!last) return undefined;
  const comma = tokens[tokens.indexOf(last) + 1]?.text === ",";
  if (dots) {
    const at = tokens[formals.end - 3]?.start ?? formals.close.start;
    return `${text.slice(0, at)}${name},${line}${text.slice(at)}`;
  }
  if (comma && gap.includes("\n")) {
    const at = tokens[tokens.indexOf(last) + 1]?.end ?? last.end;
    return `${text.slice(0, at)}${line}${name},${text.slice(at)}`;
  }
  return `${text.slice(0, last.end)},${line}${name}${text.slice(comma ? (tokens[tokens.indexOf(last) + 1]?.end ?? last.end) : last.end)}`;
}

/** Names of the arguments of the function that the file is. */
export const fileFormals = (text: string): readonly string[] => formalsAt(nixTokens(text), 0)?.names ?? [];

/** A function for callPackage: it takes its packages by name, and pkgs not at all. */
export function isPackageFunction(text: string): boolean {
  const names = fileFormals(text);
  return !names.includes("pkgs") && names.some((name) => /^(?:lib|stdenv|rustPlatform|craneLib|naersk|callPackage)$/u.test(name));
}

function behindOutputs(tokens: readonly NixToken[]): number {
  const outputs = tokens.findIndex((token, index) => token.text === "outputs" && tokens[index + 1]?.text === "=");
  return outputs < 0 ? tokens.length : outputs + 2;
}

/** `{ a, b ? x, ... }:`, `{ … }@args:`, `args@{ … }:` at a token. */
function formalsAt(tokens: readonly NixToken[], from: number): Formals | undefined {
  const at = tokens[from]?.text === "{" ? from : tokens[from + 1]?.text === "@" && tokens[from + 2]?.text === "{" ? from + 2 : -1;
  const end = at < 0 ? -1 : closing(tokens, at);
  const [open, close] = [tokens[at], tokens[end]];
  if (!open || !close || (tokens[end + 1]?.text !== ":" && tokens[end + 1]?.text !== "@")) return undefined;
  const names: string[] = [];
  for (let index = at + 1; index < end; index++) {
    const token = tokens[index];
    const before = tokens[index - 1]?.text;
    if (token?.kind === "word" && (before === "{" || before === ",")) names.push(token.text);
    else if (token?.kind === "mark" && /^[{[(]$/u.test(token.text)) index = closing(tokens, index);
  }
  return { open, close, names, end };
}
