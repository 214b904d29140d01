import type { Binding, Code } from "../nix-syntax.ts";
import type { OutputsSet } from "./flake-parts.ts";

/** Additions to a Nix file that somebody else wrote: whole bindings, in the indentation of their neighbours; nothing else changes. */

/** Blanks at the start of the line that holds an offset. */
function indentationAt(source: string, offset: number): string {
  const lineStart = source.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(source.slice(lineStart, offset))?.[0] ?? "";
}

const indentBy = (code: Code, blanks: string): Code =>
  code
    .split("\n")
    .map((line) => (line === "" ? line : `${blanks}${line}`))
    .join("\n");

/** Puts bindings before the closing brace at `close`. */
export function insertBindings(source: string, close: number, bindings: readonly Binding[]): string {
  const newline = source.includes("\r\n") ? "\r\n" : "\n";
  const outer = indentationAt(source, close);
  const lineStart = source.lastIndexOf("\n", close - 1) + 1;
  const code = indentBy(bindings.map((binding) => binding ?? "").join("\n"), `${outer}  `).replaceAll("\n", newline);
  const alone = source.slice(lineStart, close).trim() === "";
  if (alone) return `${source.slice(0, lineStart)}${newline}${code}${newline}${source.slice(lineStart)}`;
  return `${source.slice(0, close)}${newline}${code}${newline}${outer}${source.slice(close)}`;
}

export const addOutputs = (source: string, outputs: OutputsSet, bindings: readonly Binding[]): string =>
  bindings.length === 0 ? source : insertBindings(source, outputs.close, bindings);
