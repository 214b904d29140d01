import type { Criterion } from "../../../model.ts";
import type { CriterionItem } from "../../../parse/sections/criteria.ts";
import { rangeOf, startOf } from "../../../parse/text/markdown.ts";
import { type Finding, levels, parserFindings, type Rule, type RuleInput } from "../../rule.ts";

/** Criteria that are judged: withdrawn ones only keep their number. */
export function livingItems({ document }: RuleInput): readonly (CriterionItem & { readonly criterion: Criterion })[] {
  return document.criterionItems.flatMap((item) =>
    item.criterion !== undefined && item.criterion.withdrawn === undefined ? [{ ...item, criterion: item.criterion }] : [],
  );
}

export const invalidBlock: Rule = {
  name: "acceptance/invalid-block",
  about: "a check block does not parse, or has an unknown kind, parameter or variable",
  explain: "The message names the key and the allowed names. Until it is right the criterion has no checks and cannot pass.",
  levels: levels("E E E"),
  check: parserFindings("acceptance/invalid-block"),
};

export const misplacedBlock: Rule = {
  name: "acceptance/misplaced-block",
  about: "a check block outside its criterion, with another id, or two in one criterion",
  explain:
    "Containment and info string must agree, since formatters re-indent lists. Indent the fence under its `**AC-n**` item and name that id.",
  levels: levels("E E E"),
  check: parserFindings("acceptance/misplaced-block"),
};

export const criterionWithoutId: Rule = {
  name: "acceptance/criterion-without-id",
  about: "an item of section 5 has no `**AC-n**`, or ids repeat or do not ascend",
  explain:
    "Plan, evidence, waivers and commits name criteria by id. Ids are never renumbered or reused: a removed criterion stays as " +
    "`**AC-4** (withdrawn 2026-11-21: reason)`. `--fix` numbers items that have none.",
  levels: levels("i E E"),
  fixes: true,
  *check(input) {
    const { document } = input;
    const { path, source } = document.crq;
    const items = new Set(document.criterionItems.map(({ item }) => startOf(item)));
    for (const stray of parserFindings(criterionWithoutId.name)(input)) {
      if (!items.has(document.lines.startOf(stray.place.line) + stray.place.column - 1)) yield stray;
    }
    const used = [...source.matchAll(/\bAC-(\d{1,6})\b/g)].map((match) => Number(match[1]));
    let next = Math.max(0, ...used) + 1;
    let highest = 0;
    const last = document.criterionItems.findLastIndex(({ criterion }) => criterion !== undefined);
    for (const [index, { item, criterion }] of document.criterionItems.entries()) {
      const place = document.lines.placeAt(startOf(item));
      if (criterion === undefined) {
        const [first] = item.children;
        const at = first?.type === "paragraph" ? rangeOf(first).start : undefined;
        // An id that a later item already exceeds would not ascend; such an item is left to the writer.
        const isLast = index > last;
        const id = `AC-${next}`;
        const fix = {
          description: `number it ${id}`,
          edits: [{ file: path, start: at ?? 0, end: at ?? 0, text: `**${id}**: ` }],
        };
        yield {
          place,
          message: "this criterion has no id; start it with `**AC-n**: `",
          ...(at !== undefined && isLast && { fix }),
        };
        if (at !== undefined && isLast) next += 1;
        continue;
      }
      const number = Number(criterion.id.slice(3));
      if (number <= highest) {
        const repeats = document.criterionItems.some((other) => other.item !== item && other.criterion?.id === criterion.id);
        yield {
          place,
          message: repeats
            ? `${criterion.id} is there twice; each id is used once`
            : `${criterion.id} stands after AC-${highest}; ids ascend`,
        };
      }
      highest = Math.max(highest, number);
    }
  },
};

export const criterionWithoutCheck: Rule = {
  name: "acceptance/criterion-without-check",
  about: "a criterion has no check block",
  explain:
    "What no machine checks is not proven. Give the criterion a ` ```toml check AC-n ` block inside its item; a step only a person can judge is " +
    'a block too: `kind = "manual"`. A draft may still lack some.',
  levels: levels("i E E"),
  *check({ document, profile }) {
    const isDraft = document.crq.metadata?.status === "draft";
    for (const { item, criterion, block } of document.criterionItems) {
      if (block !== undefined || criterion?.withdrawn !== undefined) continue;
      const name = criterion?.id ?? "this criterion";
      yield {
        place: document.lines.placeAt(startOf(item)),
        message: `${name} has no check block`,
        ...(isDraft && profile === "standard" && { level: "warning" as const }),
      };
    }
  },
};

export const noCriteria: Rule = {
  name: "acceptance/no-criteria",
  about: "section 5 has no criteria",
  explain: "Without a criterion nothing can be proven, and nothing can be approved. Write at least one `**AC-n**` with a check.",
  levels: levels("W E E"),
  *check({ document }): Iterable<Finding> {
    if (document.criterionItems.length > 0) return;
    const section = document.sections.find(({ section: { name } }) => name === "Acceptance Criteria")?.section;
    yield { place: section?.place ?? { line: 1, column: 1 }, message: "there are no acceptance criteria" };
  },
};

export const criteriaRules: readonly Rule[] = [
  invalidBlock,
  misplacedBlock,
  criterionWithoutId,
  criterionWithoutCheck,
  noCriteria,
];
