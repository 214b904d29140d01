import { type NixToken, stringAt, tokenize, withoutComments } from "../tokenize.ts";

/** The release that a flake's `msrv` shell or variable names: `msrv = "1.74.0";`, or `rust-bin.stable."1.74.0"` inside of `msrv = …;`. */

export interface MsrvSite {
  readonly release: string;
  readonly line: number;
  /** Range of the literal with its quotes. */
  readonly start: number;
  readonly end: number;
}

const RELEASE = /^\d+\.\d+(?:\.\d+)?$/u;

export function msrvSites(source: string): readonly MsrvSite[] {
  const tokens = withoutComments(tokenize(source));
  return tokens.flatMap((token, index) => {
    if (token.kind !== "identifier" || !/^msrv$/iu.test(token.text) || tokens[index + 1]?.text !== "=") return [];
    const end = bindingEnd(tokens, index + 2);
    for (let at = index + 2; at < end; at++) {
      const literal = stringAt(tokens, at);
      const [first, last] = [tokens[at], literal && tokens[literal.next - 1]];
      if (!literal || !first || !last || !RELEASE.test(literal.value)) continue;
      const whole = at === index + 2 && literal.next === end;
      const ofOverlay = tokens[at - 1]?.text === "." && tokens[at - 2]?.text === "stable";
      if (whole || ofOverlay) return [{ release: literal.value, line: first.line, start: first.start, end: last.end }];
    }
    return [];
  });
}

/** Index of the semicolon that ends a binding whose value begins at `from`. */
function bindingEnd(tokens: readonly NixToken[], from: number): number {
  let level = 0;
  for (let at = from; at < tokens.length; at++) {
    const { text, kind } = tokens[at] ?? { text: "", kind: "symbol" };
    if (kind !== "symbol" && kind !== "antiquotation") continue;
    if (/^(?:[([{]|\$\{)$/u.test(text)) level += 1;
    if (/^[)\]}]$/u.test(text)) level -= 1;
    if ((text === ";" && level === 0) || level < 0) return at;
  }
  return tokens.length;
}

/** The source with another release at a site. */
export const withRelease = (source: string, { start, end }: MsrvSite, release: string): string =>
  `${source.slice(0, start)}"${release}"${source.slice(end)}`;
