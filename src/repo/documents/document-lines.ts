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

/** Code of a line: the whole line inside a fence, the contents of code spans outside. */
export function codeOf(line: DocumentLine): readonly string[] {
  if (line.fence !== undefined) return [line.text];
  return [...line.text.matchAll(/(?<marks>`+)(?<code>.+?)\k<marks>(?!`)/g)].flatMap((match) => match.groups?.code?.trim() ?? []);
}

/** Most characters of a quote. */
const MAX_QUOTE = 200;

/** The line as a literal quote; a long one is cut to a window around `at`. */
export function quoteOf(text: string, at: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= MAX_QUOTE) return trimmed;
  const start = Math.max(0, Math.min(at - 60, text.length - MAX_QUOTE));
  return text.slice(start, start + MAX_QUOTE).trim();
}

/** Words before something that turn it down. */
const REFUSAL =
  /\b(?:not|no|without|instead of|rather than|never|replaces?|replaced|replacing|drop|avoid|unlike|formerly|previously|used to)\b[^.;]{0,24}$/i;

/** Whether what stands at `at` is refused by the words before it in its sentence. */
export const isRefused = (text: string, at: number): boolean => REFUSAL.test(text.slice(Math.max(0, at - 50), at));
