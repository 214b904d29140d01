import type { ToolNote } from "../agent/tool.ts";

/** Milliseconds between two progress notes: a sign of life for who reads the events, no second copy of the build log in the journal. */
const BETWEEN_NOTES = 5_000;

/**
 * What to do with each line of a build as it comes: all of them are shown, few are journaled. A build may print a million.
 * @param show draws the line where somebody looks
 */
export function followProgress(
  note: (note: ToolNote) => void,
  show: (text: string) => void = () => undefined,
): (text: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (text) => {
    show(text);
    const now = performance.now();
    if (now - last < BETWEEN_NOTES) return;
    last = now;
    note({ note: "progress", text });
  };
}
