import { plainText } from "../agent/plain-text.ts";

/** Marks that change the direction or place of what stands around them, and so what a reader takes a line for. */
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of somebody else as a person may be asked about it: it can neither repaint the screen nor turn its own words around. */
export const shownText = (text: string): string =>
  plainText(text).replace(REORDERING, (mark) => `<U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`);
