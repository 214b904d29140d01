import type { Heading, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import type { Place } from "../../../model.ts";
import type { CrqDocument } from "../../../parse/document.ts";
import { descendants, startOf } from "../../../parse/text/markdown.ts";
import { hits, spansOf } from "../../judge/spans.ts";
import { levels, parserFindings, type Rule } from "../../rule.ts";

export const templatePlaceholder: Rule = {
  name: "structure/template-placeholder",
  about: "text of a template was never filled in",
  explain: "`[List …]`, `{{…}}` and template comments tell a writer what to write. Replace them by that, or remove them.",
  levels: levels("W E E"),
  *check({ document }) {
    const bracket = /\[(?:List|Describe|Insert|Add|Explain|Your|Fill in|Enter|Provide|Specify|Name|Link to)\b[^\]\r\n]*\](?!\()/g;
    for (const { text, place } of hits(document, bracket, ["prose"])) yield { place, message: `template text ${text}` };
    // `${{ … }}` is an expression of a CI file.
    for (const { text, place } of hits(document, /(?<!\$)\{\{[^{}\r\n]*\}\}/g, ["prose", "code"]))
      yield { place, message: `template slot ${text}` };
    const comment = /^<!--\s*(?:describe|list|insert|add|explain|fill|enter|provide|specify|replace|example|template|todo)\b/i;
    for (const span of spansOf(document)) {
      if (span.kind === "html" && comment.test(span.text)) yield { place: span.place, message: "a template's comment" };
    }
  },
};

export const unbalancedFence: Rule = {
  name: "structure/unbalanced-fence",
  about: "a fence is never closed, or swallows prose",
  explain:
    "Everything after an open fence is code to every tool: sections and criteria disappear. Close the fence, or remove the stray mark.",
  levels: levels("W E E"),
  check: parserFindings("structure/unbalanced-fence"),
};

const PROMPT_PHRASES = [
  "your (?:first |next |current )?task is to",
  "you can",
  "okay, (?:I|let)",
  "I (?:will|'ll) now",
  "as an AI",
  "as a (?:large )?language model",
  "you are an? (?:helpful|expert|AI)",
  "here(?: i|')s the (?:updated|revised|complete|rewritten)",
  "sure, (?:I|here)",
  "let me know if",
  "I have (?:now )?(?:updated|created|rewritten)",
];
const PROMPT_TEXT = new RegExp(`\\b(?:${PROMPT_PHRASES.join("|").replaceAll(" ", "\\s+")})\\b`, "gi");

export const leakedPrompt: Rule = {
  name: "structure/leaked-prompt",
  about: "text of a chat or a prompt stands in the document",
  explain:
    'Phrases such as "your task is to" or "Okay, I will" were said to or by an assistant and mean nothing to a reader. Remove them.',
  levels: levels("W E E"),
  *check({ document }) {
    /** Start of the last paragraph in which something else was said to somebody. */
    let spokenIn = -1;
    for (const { text, place, start, span } of hits(document, PROMPT_TEXT, ["prose"])) {
      if (!/^you\s+can$/i.test(text)) spokenIn = span.block.start;
      else if (!isAddressed(document, { text, place, start, block: span.block.start }, spokenIn === span.block.start)) continue;
      yield { place, message: `"${text.replace(/\s+/g, " ")}" reads like a prompt or a chat reply` };
    }
  },
};

/**
 * "you can" is ordinary English inside a sentence. In lower case at the start of a line it was said to somebody, unless the line only goes
 * on with the sentence before it.
 */
function isAddressed(
  { crq, lines }: CrqDocument,
  found: { readonly text: string; readonly place: Place; readonly start: number; readonly block: number },
  afterPrompt: boolean,
): boolean {
  const { text, place, start, block } = found;
  if (
    text.startsWith("Y") ||
    lines
      .textOf(place.line)
      .slice(0, place.column - 1)
      .trim() !== ""
  )
    return false;
  const before = crq.source.slice(block, start).trimEnd();
  return before === "" || afterPrompt || /[.!?:]["')*_]*$/.test(before);
}

export const unfinishedText: Rule = {
  name: "structure/unfinished-text",
  about: "TBD, TODO or a promise to write later",
  explain: "What is not known yet is a question: put it into section 9 as `**Q-n**: …`, where approval sees it.",
  levels: levels("i W E"),
  *check({ document }) {
    const pattern =
      /\b(?:TBD|TODO|FIXME|TBC)\b|\b(?:will be (?:added|written|filled in|defined)(?: later)?|to be (?:determined|defined|added|written|decided)|coming soon)\b(?!\s+(?:to|in|into|on|by|with|under|from|as|for|after|before)\b)/gi;
    for (const { text, place, span } of hits(document, pattern, ["prose"])) {
      const isMarker = /^(?:tbd|todo|fixme|tbc)$/i.test(text);
      // What is added to something, or written by somebody, is a plan and no gap.
      if (span.section === "Open Questions" || (isMarker && text !== text.toUpperCase())) continue;
      yield { place, message: `"${text}": write it, or ask it in section 9` };
    }
  },
};

export const headingForm: Rule = {
  name: "structure/heading-form",
  about: "a heading level is skipped, or a bold line stands for a heading",
  explain: "Tools find their way by headings. Go down one level at a time and use `###` where a bold line plays the heading.",
  levels: levels("i W W"),
  *check({ document }) {
    let depth = 1;
    let imported = false;
    for (const node of document.root.children) {
      const place = document.lines.placeAt(startOf(node));
      if (node.type === "heading") {
        if (node.depth === 2)
          imported = document.sections.some(({ section, heading }) => heading === node && section.name === "Imported Text");
        if (!imported && node.depth > depth + 1)
          yield { place, message: `"${plainText(node)}" has level ${node.depth} under level ${depth}` };
        depth = node.depth;
      } else if (!imported && isBoldLine(node)) {
        yield { place, message: `the bold line "${plainText(node)}" stands for a heading` };
      }
    }
  },
};

function isBoldLine(node: Exclude<RootContent, Heading>): boolean {
  if (node.type !== "paragraph") return false;
  const [first, second] = node.children;
  const rest = second === undefined || (second.type === "text" && /^\s*:?\s*$/.test(second.value) && node.children.length === 2);
  return first?.type === "strong" && rest && descendants(first, "inlineCode").length === 0;
}

export const unreadable: Rule = {
  name: "structure/unreadable",
  about: "the file is not text, too large, or nested too deeply",
  explain: "A CRQ is UTF-8 text of at most 1 MiB. Convert the file; it is skipped until then.",
  levels: levels("E E E"),
  check: parserFindings("structure/unreadable"),
};
