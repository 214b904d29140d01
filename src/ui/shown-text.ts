/**
 * Controls but tab and line feed, marks that change the direction or place of what stands around them, and so what a reader takes a line for,
 * and letters that no font shows.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/**
 * Text of somebody else as a person may be asked about it: it can neither repaint the screen nor turn its own words around, and nothing of it
 * is hidden, as what a terminal takes for a title or a link would be.
 */
export const shownText = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replace(UNSEEN, (mark) => `<U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`);
