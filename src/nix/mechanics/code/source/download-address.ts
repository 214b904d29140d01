import type { Diagnosis } from "../../../diagnosis.ts";
import { bindingsBetween } from "../../../recipes/existing/bindings.ts";
import { nixTokens, plainString } from "../../../recipes/existing/nix-tokens.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";

/**
 * An address of the crates registry that the flake itself sets and that refuses: without it the builder takes its own, by which crates are had.
 * naersk's `cratesDownloadUrl`, and the entry of importCargoLock's `extraRegistries` for crates.io.
 */
export function dropDownloadAddress(diagnosis: Diagnosis, { files }: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "registry-refused") return undefined;
  const { url, status } = diagnosis;
  return inOneFile(files, (file) => withoutAddress(file, url, status === undefined ? "defined twice" : "refused"));
}

function withoutAddress({ text }: CodeFile, url: string, why: "refused" | "defined twice"): Omit<CodeEdit, "path"> | undefined {
  const tokens = nixTokens(text);
  for (const [index, token] of tokens.entries()) {
    if (token.text !== "cratesDownloadUrl" && token.text !== "extraRegistries") continue;
    const before = tokens[index - 1]?.text;
    if (before !== "{" && before !== ";") continue;
    const [binding] = bindingsBetween(tokens, index, tokens.length);
    const value = binding && tokens[binding.from];
    const address = value && plainString(value);
    const semicolon = binding && tokens[binding.to];
    if (!binding || binding.to !== binding.from + 1 || address === undefined || semicolon?.text !== ";") continue;
    const [name, source] = binding.path;
    const own =
      name === "cratesDownloadUrl" ? binding.path.length === 1 : binding.path.length === 2 && /crates\.io/u.test(source ?? "");
    const meant = why === "refused" ? url.startsWith(address.replace(/\/+$/u, "")) : source === url;
    if (!own || !meant) continue;
    return {
      name: "drop-download-address",
      after: withoutLine(text, token.start, semicolon.end),
      what: `crates are not asked for at ${address} any more, which ${why === "refused" ? "refuses" : "defines crates.io once more"}`,
    };
  }
  return undefined;
}

/** Without a range, its whole line included where nothing else stands on it. */
function withoutLine(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const rest = /^[ \t]*\r?\n/u.exec(text.slice(end));
  return text.slice(lineStart, start).trim() === "" && rest
    ? text.slice(0, lineStart) + text.slice(end + rest[0].length)
    : text.slice(0, start).trimEnd() + text.slice(end);
}
