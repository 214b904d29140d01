/** Characters of one answer: a client puts it into a context window. */
export const PAGE = 60_000;

export interface Page {
  readonly text: string;
  /** Where the next part begins; undefined at the end. */
  readonly next: number | undefined;
}

/** A part of a text in whole lines, as far as lines are shorter than a page. Parts that follow each other make up the whole. */
export function pageOf(text: string, from: number): Page {
  const start = Math.min(Math.max(0, from), text.length);
  if (text.length - start <= PAGE) return { text: text.slice(start), next: undefined };
  const line = text.lastIndexOf("\n", start + PAGE - 1) + 1;
  const end = line > start ? line : start + PAGE;
  // Never between the halves of a surrogate pair.
  const whole = /[\udc00-\udfff]/u.test(text.charAt(end)) && end > start + 1 ? end - 1 : end;
  return { text: text.slice(start, whole), next: whole };
}
