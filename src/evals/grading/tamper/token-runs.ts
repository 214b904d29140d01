/**
 * Runs of twelve tokens that two texts share: long enough that nobody writes one by chance, short enough to find an answer that was copied in part.
 * A token is a word, a number, or marks that stand together; blanks and line breaks do not count, so another indentation hides nothing.
 */

export const RUN_LENGTH = 12;
/** A run of fewer different words (a ruler, a table of zeros) may come about by itself. */
const DISTINCT_WORDS = 5;

const TOKEN = /[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+/gu;
const WORD = /[\p{L}\p{N}_]/u;

export const tokensOf = (text: string): readonly string[] => text.match(TOKEN) ?? [];

/** Every telling run of a text. */
export function runsOf(text: string): ReadonlySet<string> {
  return new Set(runs(text));
}

function* runs(text: string): Generator<string> {
  const tokens = tokensOf(text);
  for (let start = 0; start + RUN_LENGTH <= tokens.length; start++) {
    const run = tokens.slice(start, start + RUN_LENGTH);
    if (new Set(run.filter((token) => WORD.test(token))).size >= DISTINCT_WORDS) yield run.join(" ");
  }
}

/** The first run of `text` that is among `known` and not among `allowed`. */
export function sharedRun(
  text: string,
  known: ReadonlySet<string>,
  allowed: ReadonlySet<string> = new Set(),
): string | undefined {
  for (const run of runs(text)) if (known.has(run) && !allowed.has(run)) return run;
  return undefined;
}
