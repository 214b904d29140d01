import type { Fact } from "../../../model.ts";
import type { PlacedFact } from "../../../parse/facts.ts";
import { levels, type Rule, type RuleInput } from "../../rule.ts";
import { hits, spansOf } from "../../spans.ts";

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
        yield { place: placeOf(placed, "quote"), message: `${fact.id}: the quote does not occur in \`${fact.source}\`` };
      }
    }
  },
};

/** Quotes may run over line ends of their source. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

export const staleSource: Rule = {
  name: "grounding/stale-source",
  about: "the source of a fact changed since the fact was taken",
  explain: "The quote may have a new meaning in the new text. Read it again and renew the hash.",
  levels: levels("- W W"),
  needs: "readSource",
  *check({ document, context }) {
    for (const placed of document.facts) {
      const { fact } = placed;
      const source = context.readSource?.(fact.source);
      if (source === undefined || source === "missing" || source.sha256 === fact.sha256) continue;
      yield { place: placeOf(placed, "sha256"), message: `${fact.id}: \`${fact.source}\` has another hash now` };
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
    const keyed = document.facts.filter(({ fact }) => fact.key !== undefined && fact.value !== undefined);
    for (const [index, placed] of keyed.entries()) {
      const { fact } = placed;
      const other = keyed
        .slice(0, index)
        .find((earlier) => earlier.fact.key === fact.key && earlier.fact.value !== fact.value)?.fact;
      if (other !== undefined && !isAsked(input, [fact, other])) {
        const message = `${other.id} and ${fact.id} say different things about \`${fact.key}\` ("${other.value}", "${fact.value}") and no question asks which holds`;
        yield { place: placeOf(placed, "value"), message };
      }
      const off = /\burl$/.test(fact.key ?? "") ? context.policy?.(fact.value ?? "") : undefined;
      if (off !== undefined && !isAsked(input, [fact])) {
        yield {
          place: placeOf(placed, "value"),
          message: `${fact.id} is against the input policy (${off}) and no question asks what holds`,
        };
      }
    }
  },
};

function isAsked({ document }: RuleInput, facts: readonly Fact[]): boolean {
  const names = (text: string, word: string) =>
    new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`).test(text);
  return document.crq.questions.some(({ text }) =>
    facts.every((fact) => names(text, fact.id) || (fact.key !== undefined && names(text, fact.key))),
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

export const factRules: readonly Rule[] = [factNotInSource, staleSource, silentContradiction, unsupportedClaim];
