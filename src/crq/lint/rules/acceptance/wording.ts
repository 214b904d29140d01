import { descendants, rangeOf } from "../../../parse/text/markdown.ts";
import { looksLikePath } from "../../judge/paths.ts";
import { hits } from "../../judge/spans.ts";
import { levels, type Rule } from "../../rule.ts";
import { livingItems } from "./criteria.ts";

const HTML =
  /^<(?:a|b|body|br|code|dd|details|div|dl|dt|em|h[1-6]|head|html|i|img|kbd|li|link|main|meta|nav|ol|p|pre|script|section|span|strong|style|sub|summary|sup|svg|table|tbody|td|th|thead|title|tr|ul)>$/i;

export const placeholder: Rule = {
  name: "acceptance/placeholder",
  about: "a placeholder such as `<package-name>` in a criterion or its block",
  explain:
    "A check with a placeholder checks nothing. Write the name that the target really uses; `crq-agent draft` takes it from the manifest.",
  levels: levels("W E E"),
  *check({ document }) {
    const pattern =
      /(?<![\w<])<[A-Za-z][\w .-]*>|\[(?:package|crate|name|project|attr|attribute)[ -]?(?:name)?\](?!\()|\{\{[^{}]*\}\}/gi;
    for (const { item } of document.criterionItems) {
      const { start, end } = rangeOf(item);
      for (const match of document.crq.source.slice(start, end).matchAll(pattern)) {
        // `(?<name>…)` of a regular expression and tags of HTML are none.
        if (document.crq.source.slice(0, start + match.index).endsWith("(?") || HTML.test(match[0])) continue;
        yield { place: document.lines.placeAt(start + match.index), message: `placeholder \`${match[0]}\`` };
      }
    }
  },
};

const WEAK =
  /\b(?:seamless(?:ly)?|robust(?:ly|ness)?|functional(?!\s+(?:tests?|programming|languages?))|as expected|as intended|as needed|as appropriate|properly|correctly|successfully|smoothly|user-friendly|efficient(?:ly)?|adequate(?:ly)?|appropriate(?:ly)?|easy|easily|nicely|works well|state of the art|high[- ]quality)\b/gi;

export const weakWord: Rule = {
  name: "acceptance/weak-word",
  about: "a criterion uses a word that cannot be measured",
  explain:
    '"Seamless", "robust", "functional", "as expected" mean something else to each reader. Say what is seen: a command, its output, a number.',
  levels: levels("i W W"),
  *check({ document }) {
    const found = hits(document, WEAK, ["prose"]);
    for (const { item } of document.criterionItems) {
      const { start, end } = rangeOf(item);
      const inside = found.filter((hit) => hit.start >= start && hit.start < end);
      for (const { text, place, span } of inside) {
        // A number in the same sentence is the measure.
        const sentence = span.text.split(/(?<=[.;])\s/).find((part) => part.includes(text)) ?? "";
        if (/\d/.test(sentence)) continue;
        yield { place, message: `"${text}" says nothing that can be measured` };
      }
    }
  },
};

/** Files that a kind reads without being told. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  lock: ["flake.lock", "flake.nix"],
  "flake-inputs": ["flake.lock", "flake.nix"],
  "flake-outputs": ["flake.nix"],
  "flake-check": ["flake.nix"],
  "nix-build": ["flake.nix"],
  "nix-eval": ["flake.nix"],
  "dev-shell": ["flake.nix"],
};

export const textBlockMismatch: Rule = {
  name: "acceptance/text-block-mismatch",
  about: "the text of a criterion names an attribute or file that its block does not",
  explain: "People approve the sentence, machines check the block. When they speak of different things, one of them is wrong.",
  levels: levels("- W W"),
  *check(input) {
    const { document } = input;
    for (const { item, criterion, block } of livingItems(input)) {
      if (block === undefined || criterion.checks.length === 0 || criterion.checks.every(({ kind }) => kind === "manual"))
        continue;
      const implied = criterion.checks.flatMap(({ kind }) => IMPLIED[kind] ?? []);
      for (const node of descendants(item, "inlineCode")) {
        for (const name of namesIn(node.value)) {
          const short = name.split(/[./]/).at(-1) ?? name;
          if (
            implied.includes(name) ||
            block.node.value.includes(name) ||
            (name.startsWith(".#") && namesWord(block.node.value, short))
          )
            continue;
          yield {
            place: document.lines.placeAt(rangeOf(node).start),
            message: `${criterion.id} speaks of \`${name}\`, its block does not; let a check look at it, or leave it out of the sentence`,
          };
        }
      }
    }
  },
};

/** Flake attributes (`.#x`) and file paths that a code span names. */
function namesIn(code: string): string[] {
  const attributes = [...code.matchAll(/(?<![\w.])(\.#[\w.-]+)/g)].flatMap((match) => match[1] ?? []);
  return looksLikePath(code) ? [...attributes, code] : attributes;
}

function namesWord(text: string, word: string): boolean {
  const bare = word.replace(/^#/, "");
  return new RegExp(`(?<![\\w-])${bare.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`).test(text);
}

export const compoundCriterion: Rule = {
  name: "acceptance/compound-criterion",
  about: "one criterion asks for several behaviours",
  explain:
    "A criterion that is half met is not met, and the report cannot say which half. One sentence, one behaviour; split the rest.",
  levels: levels("- i W"),
  *check(input) {
    const { document } = input;
    for (const { item, criterion } of livingItems(input)) {
      const hasList = item.children.some((child) => child.type === "list");
      const prose = criterion.text.replace(/`[^`]*`/g, "x").replace(/\b(?:e\.g|i\.e|etc|cf)\./g, "");
      const sentences = prose.split(/[.;!?](?:\s+|$)/).filter((part) => /\w/.test(part));
      const joined = /\b(?:and also|as well as|additionally|furthermore|in addition)\b/i.exec(prose)?.[0];
      const why = hasList
        ? "holds a list"
        : sentences.length > 1
          ? `has ${sentences.length} sentences`
          : joined === undefined
            ? undefined
            : `joins two by "${joined}"`;
      if (why !== undefined)
        yield {
          place: document.lines.placeAt(rangeOf(item).start),
          message: `${criterion.id} ${why}; one behaviour a criterion`,
        };
    }
  },
};

export const wordingRules: readonly Rule[] = [placeholder, weakWord, textBlockMismatch, compoundCriterion];
