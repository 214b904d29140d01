import { stripVTControlCharacters } from "node:util";

/** Control bytes but tab and newline: what is left of a terminal program's output after its escape sequences are gone. */
// biome-ignore lint/complexity/useRegexLiterals: written with escapes so that no control byte stands in this file
const CONTROL = new RegExp("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]", "gu");

/** Text of a build or of Nix itself without escape sequences and control bytes; of a line that a program drew over, its last state stays. */
export function cleanText(text: string): string {
  if (!/[^\t\n\u0020-\u007e]/u.test(text)) return text;
  return stripVTControlCharacters(text).split("\n").map(lastState).join("\n").replace(CONTROL, "");
}

/** What stands behind the last carriage return that was drawn over. By index: a pattern would go over a long line once for each character. */
function lastState(line: string): string {
  if (!line.includes("\r")) return line;
  let end = line.length;
  while (end > 0 && line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}
