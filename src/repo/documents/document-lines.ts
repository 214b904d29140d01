import { machinePaths } from "../../system/environment/machine-path.ts";

/** A document as lines with the places that matter to an extractor: fences, code spans, prose. */

export interface DocumentLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Language of the fence it stands in; undefined outside of fences. */
  readonly fence: string | undefined;
}

/** Lines without the fence marks themselves. */
export function documentLines(text: string): readonly DocumentLine[] {
  let open: { readonly mark: string; readonly language: string } | undefined;
  return text.split(/\r?\n/).flatMap((line, index): DocumentLine[] => {
    const mark = /^\s*(?<mark>`{3,}|~{3,})\s*(?<language>[\w+-]*)/.exec(line)?.groups;
    if (mark?.mark !== undefined && !open) {
      open = { mark: mark.mark, language: (mark.language ?? "").toLowerCase() };
      return [];
    }
    if (mark?.mark !== undefined && open && mark.mark.startsWith(open.mark) && mark.language === "") {
      open = undefined;
      return [];
    }
    return [{ number: index + 1, text: line, fence: open?.language }];
  });
}

/** A line of prose together with the next one, where a sentence may run on; undefined where none does. */
export function runOn(line: DocumentLine, next: DocumentLine | undefined): DocumentLine | undefined {
  const ends = line.fence !== undefined || next === undefined || next.fence !== undefined || next.number !== line.number + 1;
  if (ends || line.text.trim() === "" || /^\s*(?:$|[-*+#>|]|\d+[.)]\s)/.test(next.text)) return undefined;
  return { ...line, text: `${line.text.trimEnd()} ${next.text.trim()}` };
}

/** Code of a line: the whole line inside a fence, the contents of code spans outside. */
export function codeOf(line: DocumentLine): readonly string[] {
  if (line.fence !== undefined) return [line.text];
  return [...line.text.matchAll(/(?<!`)(?<marks>`+)(?!`)(?<code>.+?)(?<!`)\k<marks>(?!`)/g)].flatMap(
    (match) => match.groups?.code?.trim() ?? [],
  );
}

/** Most characters of a quote. */
const MAX_QUOTE = 200;
/** A shorter rest says nothing that could be looked up. */
const MIN_QUOTE = 8;

/** The line as a literal quote: cut to a window around `at` when it is long, and to the part without paths of one machine; else empty. */
export function quoteOf(text: string, at: number): string {
  const [from, to] = withoutMachinePaths(text, at);
  const part = text.slice(from, to);
  if (part.trim().length <= MAX_QUOTE) return part.trim().length < Math.min(MIN_QUOTE, text.trim().length) ? "" : part.trim();
  const start = Math.max(0, Math.min(at - from - 60, part.length - MAX_QUOTE));
  return part.slice(start, start + MAX_QUOTE).trim();
}

/** The stretch around `at`, or before the path that `at` lies in, that holds no path of one machine. */
function withoutMachinePaths(text: string, at: number): readonly [from: number, to: number] {
  let from = 0;
  for (const match of text.matchAll(machinePaths())) {
    if (match.index >= at) return [from, match.index];
    const end = match.index + match[0].length;
    if (end > at) return [from, match.index];
    from = end;
  }
  return [from, text.length];
}

/** Words before something that turn it down. */
const REFUSAL =
  /\b(?:not|no|without|instead of|rather than|never|replaces?|replaced|replacing|drop|avoid|unlike|formerly|previously|used to)\b[^.;]{0,24}$/i;

/** Whether what stands at `at` is refused by the words before it in its sentence. */
export const isRefused = (text: string, at: number): boolean => REFUSAL.test(text.slice(Math.max(0, at - 50), at));
