import { type Hash, isFake, parseHash, sameHash } from "../../hash.ts";
import { attributeNameAt, type NixToken, stringAt, tokenize, withoutComments } from "../../tokenize.ts";

/** Places in Nix code where a hash stands (or a fake one) that Nix complained about. */

export interface HashSite {
  readonly path: string;
  /** Range of the literal with its quotes, or of `lib.fakeHash`. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** As written, without quotes; of a fake name the name. */
  readonly written: string;
  /** `cargoHash`, `hash`, `sha256`, or the key of an outputHashes entry. */
  readonly attribute: string;
  /** It is an entry of a set of this name (`outputHashes`). */
  readonly within: string | undefined;
  /** Values of pname, name, version, url, repo, rev, owner, src of the same set. */
  readonly siblings: readonly string[];
}

const FAKE_NAMES: Readonly<Record<string, string>> = { fakeHash: "sha256", fakeSha256: "sha256", fakeSha512: "sha512" };
const TELLING = /^(?:pname|name|version|url|urls|repo|rev|tag|owner|crate|crateName)$/u;

/** Every site of a file that holds this hash; a fake hash is also an empty string or lib.fakeHash. */
export function hashSites(path: string, source: string, specified: Hash): readonly HashSite[] {
  const tokens = withoutComments(tokenize(source));
  const sites: HashSite[] = [];
  tokens.forEach((token, index) => {
    if (token.text !== "=" || token.kind !== "symbol") return;
    const value = valueAt(tokens, index + 1, specified);
    const attribute = nameBefore(tokens, index);
    if (
      !value ||
      attribute === undefined ||
      (value.written === "" && !/hash|sha256|sha512/iu.test(attribute.name) && attribute.within !== "outputHashes")
    )
      return;
    sites.push({
      path,
      ...value,
      line: token.line,
      attribute: attribute.name,
      within: attribute.within,
      siblings: siblings(tokens, index),
    });
  });
  return sites;
}

function valueAt(
  tokens: readonly NixToken[],
  index: number,
  specified: Hash,
): Pick<HashSite, "start" | "end" | "written"> | undefined {
  const first = tokens[index];
  if (!first) return undefined;
  const literal = stringAt(tokens, index);
  if (literal) {
    const hash = parseHash(literal.value);
    const fits = hash ? sameHash(hash, specified) : literal.value === "" && isFake(specified);
    return fits ? { start: first.start, end: tokens[literal.next - 1]?.end ?? first.end, written: literal.value } : undefined;
  }
  if (!isFake(specified)) return undefined;
  // `lib.fakeHash`, `pkgs.lib.fakeHash`, `fakeHash`
  let at = index;
  while (tokens[at]?.kind === "identifier" && tokens[at + 1]?.text === ".") at += 2;
  const last = tokens[at];
  if (last?.kind !== "identifier" || FAKE_NAMES[last.text] !== specified.algorithm) return undefined;
  return { start: first.start, end: last.end, written: last.text };
}

/** The name left of `=`, and the name of the set or path prefix that it stands in. */
function nameBefore(
  tokens: readonly NixToken[],
  equals: number,
): { readonly name: string; readonly within: string | undefined } | undefined {
  for (let start = equals - 1; start >= Math.max(0, equals - 5); start--) {
    const attribute = attributeNameAt(tokens, start);
    if (attribute?.next !== equals) continue;
    if (tokens[start - 1]?.text === "${") continue;
    const prefix = tokens[start - 1]?.text === "." ? tokens[start - 2]?.text : undefined;
    return { name: attribute.name, within: prefix ?? enclosingName(tokens, start) };
  }
  return undefined;
}

/** Index of the `{` of the set around a token. */
export function enclosingSet(tokens: readonly NixToken[], index: number): number | undefined {
  let level = 0;
  for (let at = index - 1; at >= 0; at--) {
    const { text, kind } = tokens[at] ?? { text: "", kind: "symbol" };
    if (kind !== "symbol" && kind !== "antiquotation") continue;
    if (text === "}") level += 1;
    if (text === "{" || text === "${") {
      if (level === 0) return kind === "symbol" ? at : undefined;
      level -= 1;
    }
  }
  return undefined;
}

function enclosingName(tokens: readonly NixToken[], index: number): string | undefined {
  const open = enclosingSet(tokens, index);
  if (open === undefined) return undefined;
  const equals =
    tokens[open - 1]?.text === "="
      ? open - 1
      : tokens[open - 2]?.text === "=" && tokens[open - 1]?.text === "rec"
        ? open - 2
        : undefined;
  return equals === undefined ? undefined : tokens[equals - 1]?.text;
}

/** Texts by which a set says what it fetches or builds. */
function siblings(tokens: readonly NixToken[], index: number): readonly string[] {
  const open = enclosingSet(tokens, index);
  if (open === undefined) return [];
  const values: string[] = [];
  let level = 0;
  for (let at = open; at < tokens.length; at++) {
    const { text, kind } = tokens[at] ?? { text: "", kind: "symbol" };
    if (kind === "symbol" && /^[([{]$/u.test(text)) level += 1;
    if (kind === "symbol" && /^[)\]}]$/u.test(text) && --level === 0) break;
    const name = level === 1 ? attributeNameAt(tokens, at) : undefined;
    if (name && TELLING.test(name.name) && tokens[name.next]?.text === "=") {
      const value = stringAt(tokens, name.next + 1)?.value;
      if (value !== undefined && value !== "") values.push(value);
    }
  }
  return values;
}
