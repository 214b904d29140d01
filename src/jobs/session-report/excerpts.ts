import { type ClipSizes, clip } from "../../agent/text/clip.ts";
import { element, join, type Markup } from "../../ui/html/markup.ts";

const SIZES: ClipSizes = { head: 1_500, tail: 2_500, error: 1_500 };
/** Once this many characters stand in the page, each further text gets two lines. */
const MOST = 3_000_000;
const SHORT: ClipSizes = { head: 100, tail: 60, error: 0 };

/** Long texts of a session in a page: as much of each as a reader needs, and of all together as a browser opens at once. */
export class Excerpts {
  #left: number;

  constructor(most = MOST) {
    this.#left = most;
  }

  /**
   * @param whole where the whole text is, for people
   */
  pre(text: string, whole: string, sizes: ClipSizes = SIZES): Markup {
    const given = withoutLastBreaks(text);
    const cut = clip(given, this.#left > 0 ? sizes : SHORT);
    const shown = cut ?? given;
    this.#left -= shown.length;
    return join([
      element("pre", {}, shown),
      cut === undefined ? undefined : element("p", { class: "soft" }, `${given.length} characters in all; whole in ${whole}.`),
    ]);
  }

  /** One line, cut short. */
  line(text: string, width: number): string {
    const flat = text.replace(/\s+/gu, " ").trim();
    const shown = flat.length <= width ? flat : `${flat.slice(0, width - 1).replace(/[\ud800-\udbff]$/u, "")}…`;
    this.#left -= shown.length;
    return shown;
  }
}

/** A log of a build that printed nothing but line breaks is read once, too: a pattern would begin anew at each. */
function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === "\n") end -= 1;
  return text.slice(0, end);
}
