import type { Diagnosis } from "../../../diagnosis.ts";
import { type NixToken, tokenize } from "../../../tokenize.ts";
import { type CodeEdit, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { boundNames, replaceRanges } from "../edit/uses.ts";
import { offsetOf } from "./syntax.ts";

/**
 * An expansion that only the shell has: a part of a variable, an alternative, the end cut off, the case changed, an array. What Nix reads as code
 * of its own (`${a-b}`, `${a + b}`, `${a/b}`, `${!a}`) is none of them.
 */
const SHELL =
  /^([A-Za-z_]\w*)(?::[ ]?-?[\w$]+(?::[ ]?-?[\w$]+)?|:[-+=?][^{}]*|%%?[^{}]*|\^\^?[^{}]*|,,?[^{}]*|@[A-Za-z]|\[[@*\d]+\])$/u;

interface Expansion {
  readonly name: string;
  readonly start: number;
  /** Offset of its closing brace. */
  readonly end: number;
  readonly quotes: string;
}

/**
 * The shell's own expansion in a phase, which Nix takes for its antiquotation and cannot parse: escaped as each kind of string has it. Only
 * where Nix stops inside of the expansion, and nothing of that name is bound in the file: Nix may have been meant there.
 */
export function escapeShellExpansion(diagnosis: Diagnosis, { files }: CodePlace): CodeEdit | undefined {
  const { position } = diagnosis;
  if (diagnosis.kind !== "syntax" || !position) return undefined;
  const there = files.filter(({ path }) => path === position.file);
  return inOneFile(there, ({ text }) => {
    const at = offsetOf(text, position);
    const tokens = tokenize(text);
    const found = at === undefined ? [] : onLine(text, tokens, position.line);
    const first = found.find(({ start, end }) => at !== undefined && start < at && at <= end);
    if (!first) return undefined;
    // Nix stops at the first one of a line; the others behind it are as little Nix.
    const meant = found.filter(({ start }) => start >= first.start);
    const escaped = replaceRanges(
      text,
      meant.map(({ start, quotes }) => ({ start, end: start, text: quotes === "''" ? "''" : "\\" })),
    );
    const bound = boundNames(escaped);
    if (meant.some(({ name }) => bound.has(name))) return undefined;
    const told = meant.map(({ start, end }) => text.slice(start, end + 1)).join(", ");
    return {
      name: "escape-shell-expansion",
      after: escaped,
      what: `${told} in line ${position.line} is the shell's, and escaped`,
    };
  });
}

function onLine(text: string, tokens: readonly NixToken[], line: number): readonly Expansion[] {
  return tokens.flatMap((token, index) => {
    if (token.line !== line || token.kind !== "antiquotation" || token.text !== "${") return [];
    // An antiquotation of a string, and not one that names an attribute.
    const before = tokens[index - 1];
    const inString =
      (before?.kind === "text" && before.depth === token.depth) ||
      (before?.kind === "quote" && before.depth === token.depth - 1) ||
      (before?.kind === "antiquotation" && before.text === "}" && before.depth === token.depth);
    const quotes = tokens.slice(0, index).findLast(({ kind, depth }) => kind === "quote" && depth === token.depth - 1)?.text;
    const end = text.indexOf("}", token.end);
    const name = end === -1 ? undefined : SHELL.exec(text.slice(token.end, end))?.[1];
    return inString && quotes !== undefined && name !== undefined ? [{ name, start: token.start, end, quotes }] : [];
  });
}
