import type { Diagnosis } from "../../../diagnosis.ts";
import { closing } from "../../../recipes/existing/bindings.ts";
import { nixTokens } from "../../../recipes/existing/nix-tokens.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { replaceRanges, usesOf } from "../edit/uses.ts";

/**
 * Takes out the framework inputs that nixpkgs removed with the Darwin SDK rework (24.11): stdenv brings the SDK by itself. Elements of lists
 * alone, `pkgs.darwin.apple_sdk.frameworks.Security` and those of `with pkgs.darwin.apple_sdk.frameworks; [ … ]`.
 */
export function dropDarwinFrameworks(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "darwin-sdk" || !/apple_sdk/u.test(diagnosis.attribute)) return undefined;
  return inOneFile(place.files, withoutFrameworks);
}

const isSdk = (text: string): boolean => /^apple_sdk(?:_\d+_\d+)?$/u.test(text);

function withoutFrameworks({ text }: CodeFile): Omit<CodeEdit, "path"> | undefined {
  const tokens = nixTokens(text);
  const ranges: { start: number; end: number; text: string }[] = [];
  const names: string[] = [];
  for (const { words, role } of usesOf(text)) {
    if (role !== "use" || !words.some((word) => isSdk(word.text))) continue;
    const [first] = words;
    const last = words.at(-1);
    const at = tokens.findIndex(({ start }) => start === first?.start);
    if (!first || !last || at < 0) return undefined;
    if (tokens[at - 1]?.text === "with") {
      const open = tokens.findIndex((token, index) => index > at && token.text === "[");
      const close = tokens[closing(tokens, open)];
      const list = tokens[open];
      // Only names stand in it, so all of them are frameworks.
      if (!list || !close || tokens.slice(open + 1, closing(tokens, open)).some(({ kind }) => kind !== "word")) return undefined;
      ranges.push({ start: tokens[at - 1]?.start ?? first.start, end: close.end, text: "[ ]" });
      names.push(...tokens.slice(open + 1, closing(tokens, open)).map(({ text: name }) => name));
      continue;
    }
    if (!inList(tokens, at)) return undefined;
    ranges.push({ ...element(text, first.start, last.end), text: "" });
    names.push(last.text);
  }
  if (ranges.length === 0) return undefined;
  return {
    name: "drop-darwin-frameworks",
    after: replaceRanges(text, ranges),
    what: `${names.join(", ")} of the removed Darwin SDK are gone: stdenv brings them`,
  };
}

/** The bracket around a token is a list's, with no parenthesis or set between. */
function inList(tokens: ReturnType<typeof nixTokens>, at: number): boolean {
  for (let index = at - 1, depth = 0; index >= 0; index--) {
    const { kind, text } = tokens[index] ?? {};
    if (kind !== "mark") continue;
    if (text === "]" || text === ")" || text === "}") depth += 1;
    if (text === "[" || text === "(" || text === "{") {
      if (depth === 0) return text === "[";
      depth -= 1;
    }
  }
  return false;
}

/** An element with the blanks before it, or with its whole line where it has one. */
function element(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const before = text.slice(0, start).search(/[ \t]*$/u);
  const lineStart = text[before - 1] === "\n";
  const lineEnd = /^[ \t]*\r?\n/u.exec(text.slice(end));
  return lineStart && lineEnd ? { start: before, end: end + lineEnd[0].length } : { start: before, end };
}
