/** Comment, raw string, string, character; a lifetime is no character. Block comments nest, which no regular expression follows. */
const START = /\/\/|\/\*|\b(?:br|cr|r)(#*)"|"|'(?:\\[\s\S][^']*|[^\\'])'/gu;

/**
 * Rust source with the inside of comments, strings and characters as blanks; line breaks and all offsets stay (The Rust Reference, "Tokens").
 * Comments lose their marks too.
 */
export function blanked(source: string): string {
  let result = "";
  let at = 0;
  for (;;) {
    START.lastIndex = at;
    const match = START.exec(source);
    if (!match) return result + source.slice(at);
    const [text] = match;
    result += source.slice(at, match.index);
    const end = endOf(source, match.index, text, match[1]);
    const whole = source.slice(match.index, end);
    const closed = whole.length > 1 && !whole.endsWith("\n");
    result += text.startsWith("/") ? blank(whole) : closed ? `"${blank(whole.slice(1, -1))}"` : `"${blank(whole.slice(1))}`;
    at = end;
  }
}

/** Each UTF-16 unit for itself (no flag `u`): a pair of them that became one blank would move all offsets behind it. */
const blank = (text: string): string => text.replace(/[^\n]/g, " ");

function endOf(source: string, start: number, opening: string, hashes: string | undefined): number {
  if (opening === "//") return orEnd(source, source.indexOf("\n", start), 0);
  if (opening === "/*") return endOfBlockComment(source, start);
  if (opening.startsWith("'")) return start + opening.length;
  if (hashes !== undefined) {
    const close = `"${hashes}`;
    return orEnd(source, source.indexOf(close, start + opening.length), close.length);
  }
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === '"') return at + 1;
  }
  return source.length;
}

const orEnd = (source: string, found: number, more: number): number => (found < 0 ? source.length : found + more);

function endOfBlockComment(source: string, start: number): number {
  let depth = 0;
  for (const { 0: mark, index } of source.slice(start).matchAll(/\/\*|\*\//gu)) {
    depth += mark === "/*" ? 1 : -1;
    if (depth === 0) return start + index + 2;
  }
  return source.length;
}

/** For each opening bracket's offset the offset behind the one that closes it; the end of the text where none does. `code` is blanked. */
export function closings(code: string): (open: number) => number {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: sign, index } of code.matchAll(/[()[\]{}]/gu)) {
    if ("([{".includes(sign)) open.push(index);
    else {
      const start = open.pop();
      if (start !== undefined) ends.set(start, index + 1);
    }
  }
  return (start) => ends.get(start) ?? code.length;
}
