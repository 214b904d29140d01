import { stripVTControlCharacters } from "node:util";

/** Control bytes but tab and newline: what is left of a terminal program's output after its escape sequences are gone. */
// biome-ignore lint/complexity/useRegexLiterals: written with escapes so that no control byte stands in this file
const CONTROL = new RegExp("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]", "gu");

/** Text of a build or of Nix itself without escape sequences and control bytes; of a line that a program drew over, its last state stays. */
export function cleanText(text: string): string {
  if (!/[^\t\n\u0020-\u007e]/u.test(text)) return text;
  return stripVTControlCharacters(text.replace(/\r+\n/gu, "\n"))
    .replace(/[^\n\r]*\r(?=[^\n\r])/gu, "")
    .replace(CONTROL, "");
}
