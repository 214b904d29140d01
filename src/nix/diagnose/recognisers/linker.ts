import { type Evidence, firstMatch } from "../finding.ts";

/** What a linker itself says: rustc's `linking with … failed` only quotes how it was called. */

/** GNU ld, gold, lld and mold, those of Apple's included. */
const SAID =
  /(?:\bcannot find (?:-l|\S+\.(?:o|a|so)\b)|\bunable to find library -l|\blibrary not found for -l|\blibrary '[^']+' not found|\bundefined (?:reference to|symbol)|\bUndefined symbols\b|\bmultiple definition of|\bduplicate symbol|\bcould not read symbols|\bfile (?:format )?not recognized|(?:rust-lld|ld\.lld|ld64\.lld|wasm-ld|mold|\bld(?:\.bfd|\.gold)?): (?:fatal )?(?:error:|cannot |unrecogni[sz]ed ))/u;

export interface LinkerWords {
  readonly at: number;
  /** Without the folder that the linker lies in. */
  readonly line: string;
}

/** The first line in which a linker says what is wrong, from the line where its caller says that it failed. */
export function linkerWords(evidence: Evidence, from: number): LinkerWords | undefined {
  const lines = evidence.lines.slice(from);
  const found = firstMatch({ ...evidence, lines }, SAID);
  return found && { at: from + found.at, line: plainLinkerLine(found.line) };
}

/** `= note: /nix/store/…/bin/ld: cannot find -lz` → `ld: cannot find -lz`. */
export const plainLinkerLine = (line: string): string =>
  line
    .replace(/^\s*=\s*note:\s*/u, "")
    .replace(/^\S*\/(?=[^/\s:]+:\s)/u, "")
    .trim();
