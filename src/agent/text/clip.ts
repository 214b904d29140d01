/** How much of a long text a model sees, in UTF-16 units. */
export interface ClipSizes {
  readonly head: number;
  readonly tail: number;
  /** Around the first line with `error:`, when head and tail do not show it. */
  readonly error: number;
}

/** About 4,000 tokens. Nix puts the cause at the end and cargo the first, decisive error in the middle, so both are kept. */
export const DEFAULT_CLIP: ClipSizes = { head: 3_000, tail: 7_000, error: 4_000 };

const FIRST_ERROR = /^.*\berror(?:\[[A-Z]\d+\])?:/imu;

/** The parts to show, whole lines where possible, with the number of characters left out between them; undefined when nothing is left out. */
export function clip(text: string, sizes: ClipSizes): string | undefined {
  if (text.length <= sizes.head + sizes.tail + sizes.error) return undefined;
  const headEnd = lineEnd(text, sizes.head);
  const tailStart = lineStart(text, text.length - sizes.tail);
  const error = FIRST_ERROR.exec(text)?.index;
  if (error === undefined || error < headEnd || error >= tailStart) {
    return text.slice(0, headEnd) + gap(tailStart - headEnd) + text.slice(tailStart);
  }
  const from = Math.max(headEnd, lineStart(text, error - Math.floor(sizes.error / 4)));
  const to = Math.max(from, Math.min(tailStart, lineEnd(text, from + sizes.error)));
  return text.slice(0, headEnd) + gap(from - headEnd) + text.slice(from, to) + gap(tailStart - to) + text.slice(tailStart);
}

const gap = (length: number): string => (length <= 0 ? "" : `\n[… ${length} characters left out …]\n`);

/** A line longer than this is cut inside. */
const LONG_LINE = 400;

function lineEnd(text: string, at: number): number {
  const next = text.lastIndexOf("\n", at);
  return whole(text, next > at - LONG_LINE ? next : at);
}

function lineStart(text: string, at: number): number {
  const before = text.indexOf("\n", at - 1);
  return whole(text, before !== -1 && before < at + LONG_LINE ? before + 1 : at);
}

/** Never between the halves of a surrogate pair. */
const whole = (text: string, at: number): number => {
  const place = Math.min(Math.max(0, at), text.length);
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff ? place - 1 : place;
};
