import type { Data, Processor } from "unified";

type Extension = Exclude<NonNullable<Data["micromarkExtensions"]>[number], readonly unknown[]>;
type Construct = Exclude<NonNullable<NonNullable<Extension["text"]>[number]>, readonly unknown[]>;

/** Markdown that would take the parser more work than any document of a person needs. */
export class TooComplex extends Error {
  override readonly name = "TooComplex";
}

/**
 * Steps that one source may cost, in units of about 50 ns. The parser pairs the marks of a paragraph in quadratic time. Sixteen million
 * steps are one paragraph of 5,600 marks (2,000 of emphasis), or 3,200 paragraphs of 100.
 */
const MAX_STEPS = 16_000_000;
/** Closing emphasis moves all that follows: measured against comparing two marks. */
const EMPHASIS_STEPS = 8;

/** Characters that may be read in vain behind a `<` that opens something and never closes it; a second or so. */
const MAX_VAIN_CHARACTERS = 4_000_000;
/** `<!--`, `<?`, `<!`, `<![CDATA[` and tags, left out where they close soon; all repetition is bounded. */
const LEFT_OPEN =
  /<(?!!--[^>]{0,300}(?<=--)>|\?[^?]{0,200}\?>|![A-Za-z][^>]{0,200}>|\/?[A-Za-z](?:[^<>"']{0,80}(?:"[^"<]{0,200}"|'[^'<]{0,200}')){0,8}[^<>"']{0,200}>)[!?/A-Za-z]/g;

/** `!`, `&`, `<`, `[`, `]`, and `_`, which inside words (a log without a fence is full of it) opens nothing. */
const MARKS = [33, 38, 60, 91, 93, 95];
const BACKTICK = 96;
/** `*`, `~`. */
const EMPHASIS = [42, 126];

/**
 * Whether a text opens so much HTML that it never closes that reading it would take minutes: from each opening the parser reads to the end of
 * the paragraph, which no blank line is part of.
 */
export function opensTooMuch(source: string): boolean {
  let characters = 0;
  for (const paragraph of source.split(/(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*/)) {
    for (const _ of paragraph.matchAll(LEFT_OPEN)) {
      characters += paragraph.length;
      if (characters > MAX_VAIN_CHARACTERS) return true;
    }
  }
  return false;
}

/**
 * A remark plug-in that counts marks while the parser runs and ends it with `TooComplex` before the quadratic part begins. It stands in front
 * of the parser's own constructs and declines every mark, so that the syntax tree is the same as without it.
 */
export function limitComplexity(this: Processor): void {
  const data = this.data();
  const extensions = data.micromarkExtensions ?? [];
  data.micromarkExtensions = extensions;
  /** One parser a source. */
  const spent = new WeakMap<object, number>();
  /** One context a paragraph, heading or cell. */
  const marks = new WeakMap<object, number>();

  const counting = (steps: number): Construct => ({
    tokenize(_effects, _ok, nok) {
      const count = (marks.get(this) ?? 0) + 1;
      marks.set(this, count);
      const sum = (spent.get(this.parser) ?? 0) + steps * count;
      spent.set(this.parser, sum);
      if (sum > MAX_STEPS) throw new TooComplex(`more than ${MAX_STEPS} steps`);
      return nok;
    },
  });
  const each = (codes: readonly number[], construct: Construct) => Object.fromEntries(codes.map((code) => [code, construct]));
  extensions.push({
    text: {
      ...each(MARKS, counting(1)),
      // As the parser's own construct for code: only the first mark of a run, or one behind an escape, may be looked at.
      [BACKTICK]: {
        ...counting(1),
        previous(code) {
          return code !== BACKTICK || this.events.at(-1)?.[1].type === "characterEscape";
        },
      },
      ...each(EMPHASIS, counting(EMPHASIS_STEPS)),
    },
  });
}
