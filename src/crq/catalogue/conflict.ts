/** Marks that a merge left in a text (git's `merge` and `diff3` styles). */

export function isConflictMark(line: string): boolean {
  return /^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(line);
}

/** Line (from 1) of the first conflict of a text; undefined: it holds none. A line of `=======` alone is a heading, not a conflict. */
export function conflictLine(text: string): number | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const opening = lines.findIndex((line) => /^<{7}(?: |$)/.test(line));
  return opening >= 0 && lines.slice(opening).some((line) => /^>{7}(?: |$)/.test(line)) ? opening + 1 : undefined;
}

/**
 * Takes our side of each conflict whose sides `isSame`; what else is in conflict stays as it is, for a person.
 * @param isSame is given both sides, lines with their ends
 */
export function takeOurs(text: string, isSame: (ours: string, theirs: string) => boolean): string {
  let result = "";
  let hunk: { whole: string; ours: string; theirs: string; side: "ours" | "base" | "theirs" } | undefined;
  for (const line of text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []) {
    const mark = isConflictMark(line.trimEnd()) ? line[0] : undefined;
    if (hunk === undefined) {
      if (mark === "<") hunk = { whole: line, ours: "", theirs: "", side: "ours" };
      else result += line;
      continue;
    }
    hunk.whole += line;
    if (mark === "|") hunk.side = "base";
    else if (mark === "=") hunk.side = "theirs";
    else if (mark === ">") {
      result += isSame(hunk.ours, hunk.theirs) ? hunk.ours : hunk.whole;
      hunk = undefined;
    } else if (hunk.side === "ours") hunk.ours += line;
    else if (hunk.side === "theirs") hunk.theirs += line;
  }
  return result + (hunk?.whole ?? "");
}
