import { externalPath, isExternal } from "../../../../system/source-name.ts";
import { contradictions, hasManyValues, reasonOf } from "../../../facts/contradictions.ts";
import type { Fact } from "../../../model.ts";
import type { PlacedFact } from "../../../parse/blocks/facts.ts";
import { hits, spansOf } from "../../judge/spans.ts";
import { levels, type Rule, type RuleInput } from "../../rule.ts";

function placeOf({ block, index }: PlacedFact, key: string) {
  return block.placeOf(["fact", index, key]);
}

export const factNotInSource: Rule = {
  name: "grounding/fact-not-in-source",
  about: "the quote of a fact does not occur in its source",
  explain: "A fact is a claim with a literal quote that anyone can look up. Quote the text as it stands, or drop the claim.",
  levels: levels("- E E"),
  needs: "readSource",
  *check({ document, context }) {
    for (const placed of document.facts) {
      const { fact } = placed;
      const source = context.readSource?.(fact.source);
      if (source === undefined) continue;
      if (source === "missing")
        yield { place: placeOf(placed, "source"), message: `${fact.id}: \`${fact.source}\` does not exist` };
      else if (!source.text.includes(fact.quote) && !oneLine(source.text).includes(oneLine(fact.quote))) {
        const used = fact.usedIn.length === 0 ? "" : `, and ${fact.usedIn.join(", ")} rest on it`;
        yield {
          place: placeOf(placed, "quote"),
          message: `${fact.id}: the quote does not occur in \`${fact.source}\`${used}; quote what stands there now, or drop the claim`,
        };
      }
    }
  },
};

/** Quotes may run over line ends of their source. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

export const uncheckedSource: Rule = {
  name: "grounding/unchecked-source",
  about: "the source of a fact lies outside of the repository and was not looked at",
  explain:
    "A fact may come from a folder of documents elsewhere: `external:FOLDER/FILE`. Give that folder with `lint --docs FOLDER`, and quote and hash are checked like those of the repository's own files.",
  levels: levels("- i i"),
  *check({ document, context }) {
    const seen = new Set<string>();
    for (const placed of document.facts) {
      const { source } = placed.fact;
      const [folder = ""] = externalPath(source).split("/");
      if (!isExternal(source) || seen.has(folder) || context.readSource === undefined) continue;
      if (context.readSource(source) !== undefined) continue;
      seen.add(folder);
      const same = document.facts.filter(
        (other) => isExternal(other.fact.source) && externalPath(other.fact.source).split("/")[0] === folder,
      );
      const ids = same.map(({ fact }) => fact.id).join(", ");
      yield {
        place: placeOf(placed, "source"),
        message: `${ids}: \`${folder}\` lies outside of the repository, so quotes and hashes were not checked; give it with --docs`,
      };
    }
  },
};

export const staleSource: Rule = {
  name: "grounding/stale-source",
  about: "the source of a fact changed since the fact was taken",
  explain:
    "The quote may have a new meaning in the new text. Read it again: where it still says the same, write the new hash; else change what the fact is used in.",
  levels: levels("- W W"),
  needs: "readSource",
  *check({ document, context }) {
    for (const placed of document.facts) {
      const { fact } = placed;
      const source = context.readSource?.(fact.source);
      if (source === undefined || source === "missing" || source.sha256 === fact.sha256) continue;
      const used = fact.usedIn.length === 0 ? "" : ` (used in ${fact.usedIn.join(", ")})`;
      // A quote that is gone is said by fact-not-in-source.
      if (!oneLine(source.text).includes(oneLine(fact.quote))) continue;
      yield {
        place: placeOf(placed, "sha256"),
        message: `${fact.id}${used}: \`${fact.source}\` changed since it was quoted. The quote is still there; if it means the same, write sha256 = "${source.sha256}"`,
      };
    }
  },
};

export const silentContradiction: Rule = {
  name: "grounding/silent-contradiction",
  about: "facts contradict each other or the policy, and no question says so",
  explain:
    "When two documents disagree a person decides. Ask in section 9 as `**Q-n**`, naming both sides (F-1, F-2 or the key).",
  levels: levels("- E E"),
  *check(input) {
    const { document, context } = input;
    const facts = document.facts.map(({ fact }) => fact);
    const placeOfFact = (fact: Fact) => {
      const placed = document.facts.find((other) => other.fact === fact);
      return placed ? placeOf(placed, "value") : { line: 1, column: 1 };
    };
    // Whoever gives two facts one key says that they speak of one thing, whatever the key is.
    for (const { sides, key, about } of contradictions(facts, { single: (key) => !hasManyValues(key) })) {
      if (isAsked(input, sides)) continue;
      const last = sides.at(-1) ?? sides[0];
      const ids = sides.map(({ id }) => id).join(" and ");
      const said = sides.map(({ value }) => `"${value}"`).join(", ");
      const why = reasonOf(about);
      const message =
        why === undefined
          ? `${ids} say different things about \`${key}\` (${said}) and no question asks which holds`
          : `${ids} exclude each other (${said}: ${why}) and no question asks which holds`;
      yield { place: placeOfFact(last), message };
    }
    for (const fact of facts) {
      const off = /\burl$/.test(fact.key ?? "") ? context.policy?.(fact.value ?? "") : undefined;
      if (off !== undefined && !isAsked(input, [fact])) {
        const message = `${fact.id} is against the input policy (${off}) and no question asks what holds`;
        yield { place: placeOfFact(fact), message };
      }
    }
    for (const { key, sides } of context.contradictions ?? []) {
      if (isAskedByPlace(input, key, sides) || isSetAside(input, key)) continue;
      const said = sides
        .map(({ source, line, value }) => `${line > 0 ? `${source}:${line}` : source} says \`${value}\``)
        .join(", ");
      const message = `the documents contradict each other about \`${key}\` (${said}); ask in section 9 which holds, naming \`${key}\` and the files of both sides; where this change does not touch it, or the wish decides it, say so in section 10, naming \`${key}\``;
      yield { place: openQuestionsPlace(input), message };
    }
  },
};

/** Where the questions stand, or would. */
function openQuestionsPlace({ document }: RuleInput) {
  const place = (name: string) => document.sections.find(({ section }) => section.name === name)?.section.place;
  return place("Open Questions") ?? place("References") ?? { line: 1, column: 1 };
}

/** One question names what is at odds, by its key or by the facts of this document that state it, and the file of every side. */
function isAskedByPlace(
  { document }: RuleInput,
  key: string,
  sides: readonly { readonly key?: string; readonly value?: string; readonly source: string }[],
): boolean {
  const cites = (text: string, side: (typeof sides)[number]): boolean =>
    document.facts.some(
      ({ fact }) => fact.source === side.source && fact.key === side.key && fact.value === side.value && namesWord(text, fact.id),
    );
  return document.crq.questions.some(
    ({ text }) =>
      (namesWord(text, key) || sides.every((side) => cites(text, side))) && sides.every(({ source }) => text.includes(source)),
  );
}

/** Section 10 says in so many words that it is not asked. */
function isSetAside({ document }: RuleInput, key: string): boolean {
  const section = document.sections.find((candidate) => candidate.section.name === "Clarifications")?.section;
  return section !== undefined && namesWord(document.crq.source.slice(section.body.start, section.body.end), key);
}

const namesWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`).test(text);

function isAsked({ document }: RuleInput, facts: readonly { readonly id: string; readonly key?: string }[]): boolean {
  return document.crq.questions.some(({ text }) =>
    facts.every(({ id, key }) => namesWord(text, id) || (key !== undefined && namesWord(text, key))),
  );
}

export const unsupportedClaim: Rule = {
  name: "grounding/unsupported-claim",
  about: "a URL, version, flake attribute or Cargo name that is in no fact and not in the target",
  explain:
    "A drafted document says only what it can show. Add the fact with its source, leave the claim out, or mark what the change makes with `(new)`. " +
    "Attributes are those of commands (`.#name`), names those behind `--bin`, `--example`, `--package` and `-p` of cargo. Documents by people are not judged.",
  levels: levels("- W W"),
  needs: "inTarget",
  *check({ document, context }) {
    const isDrafted =
      document.facts.length > 0 || (document.crq.metadata?.authors.some((author) => author.startsWith("agent:")) ?? false);
    if (!isDrafted) return;
    const facts = document.crq.facts
      .map(({ claim, quote, value, source }) => [claim, quote, value, source].join("\n"))
      .join("\n");
    const seen = new Set<string>();
    const spans = spansOf(document);
    const fresh = new Set(
      spans.filter(({ kind, value }) => kind === "prose" && /\(new\)/i.test(value)).map(({ block }) => block.start),
    );
    const named = [
      ...hits(document, /(?<=(?<![\w.])\.#)[\w-]+(?![\w.-])/g, ["code"]),
      ...hits(document, /(?<=\bcargo\b[^\n]*\s(?:--bin|--example|--package|-p)[ =])[\w-]+/g, ["code"]),
    ].filter(({ text, span }) => text !== "default" && !fresh.has(span.block.start));
    const claims = [
      ...hits(document, /\b(?:https?|github|gitlab|sourcehut|git\+https?|git\+ssh):[^\s`"'<>)\]},;]+/g, [
        "code",
        "prose",
        "link",
      ]),
      ...hits(document, /(?<![\w.=/^:-])v?\d+\.\d+\.\d+(?:-[\w.]+)?(?![\w/]|\.\d)/g, ["code", "prose"]),
      ...named,
    ];
    for (const { text, place, span } of claims) {
      const claim = text.replace(/[.,:]+$/, "");
      if (span.section === "Clarifications" || span.section === "History" || seen.has(claim)) continue;
      seen.add(claim);
      if (facts.includes(claim) || context.inTarget?.(claim) !== false) continue;
      yield { place, message: `\`${claim}\` is in no fact and not in the target` };
    }
  },
};

export const factRules: readonly Rule[] = [factNotInSource, uncheckedSource, staleSource, silentContradiction, unsupportedClaim];
