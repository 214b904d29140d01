import { toString as plainText } from "mdast-util-to-string";
import { descendants, rangeOf, startOf } from "../../parse/text/markdown.ts";
import { looksLikePath, repositoryPath } from "../judge/paths.ts";
import { spansOf } from "../judge/spans.ts";
import { levels, type Rule } from "../rule.ts";

export const uncoveredCriterion: Rule = {
  name: "plan/uncovered-criterion",
  about: "a criterion without a step, or a step without a criterion",
  explain:
    "Each step of section 6 names in parentheses the criteria it serves, `(AC-1, AC-3)`, or says why it serves none: `(no-ac: reason)`.",
  levels: levels("i W E"),
  *check(input) {
    const { crq, sections, criterionItems, lines } = input.document;
    if (!sections.some(({ section }) => section.name === "Implementation Plan")) return;
    const known = new Set(crq.criteria.map(({ id }) => id));
    const served = new Set(crq.steps.flatMap(({ criteria }) => criteria));
    for (const { item, criterion } of criterionItems) {
      if (criterion === undefined)
        yield { place: lines.placeAt(startOf(item)), message: "no step of section 6 can name this criterion: it has no id" };
      else if (criterion.withdrawn === undefined && !served.has(criterion.id))
        yield { place: criterion.place, message: `no step of section 6 names ${criterion.id}` };
    }
    for (const step of crq.steps) {
      for (const id of step.criteria)
        if (!known.has(id))
          yield { place: step.place, message: `step ${step.number} names ${id}, which section 5 does not have` };
      if (step.criteria.length === 0 && step.noAc === undefined) {
        yield { place: step.place, message: `step ${step.number} names no criterion; add \`(AC-n)\` or \`(no-ac: reason)\`` };
      }
    }
  },
};

export const scopeSplit: Rule = {
  name: "plan/scope-split",
  about: "3.1 In Scope or 3.2 Out of Scope is missing, or the plan names what is out of scope",
  explain:
    "What a change leaves alone is half of what a person approves. Write both sub-sections; a path that is out of scope is in no step.",
  levels: levels("i W E"),
  *check({ document }) {
    const scope = document.sections.find(({ section }) => section.name === "Scope");
    if (scope === undefined) return;
    const headings = scope.nodes.filter((node) => node.type === "heading");
    const inScope = headings.find((node) => /\bin[ -]scope\b/i.test(plainText(node)));
    const outOfScope = headings.find((node) => /\bout[ -]of[ -]scope\b/i.test(plainText(node)));
    if (inScope === undefined) yield { place: scope.section.place, message: "sub-section `3.1. In Scope` is missing" };
    if (outOfScope === undefined) yield { place: scope.section.place, message: "sub-section `3.2. Out of Scope` is missing" };
    if (outOfScope === undefined) return;
    const from = startOf(outOfScope);
    const next = headings.find((node) => startOf(node) > from);
    const to = next === undefined ? scope.section.body.end : startOf(next);
    const spans = spansOf(document).filter(({ kind, value }) => kind === "code" && looksLikePath(value));
    const out = new Set(spans.filter(({ start }) => start > from && start < to).map(({ value }) => repositoryPath(value)));
    for (const span of spans) {
      if (span.section === "Implementation Plan" && out.has(repositoryPath(span.value))) {
        yield { place: span.place, message: `the plan names \`${span.value}\`, which 3.2 puts out of scope` };
      }
    }
  },
};

export const handWrittenCommits: Rule = {
  name: "plan/hand-written-commits",
  about: 'an "Associated Commits" field',
  explain:
    "Commits name their CRQ by trailers (`CRQ: CRQ-001`), which `crq-agent show --trace` reads; a list by hand is never kept. `--fix` removes an empty field.",
  levels: levels("i i W"),
  fixes: true,
  *check({ document }) {
    const { crq, lines } = document;
    for (const node of [...descendants(document.root, "paragraph"), ...descendants(document.root, "heading")]) {
      const text = plainText(node).trim();
      if (
        !/^(?:associated|related)\s+commits?\b/i.test(text) ||
        spansOf(document).every(({ block }) => block.start !== startOf(node))
      )
        continue;
      const { start, end } = rangeOf(node);
      const isEmpty =
        /^(?:associated|related)\s+commits?\s*:?\s*(?:\[[^\]]*\]|none|n\/a|tbd|-)?\s*$/i.test(text) && node.type === "paragraph";
      const first = lines.placeAt(start).line;
      const edits = [{ file: crq.path, start: lines.startOf(first), end: lines.afterOf(lines.placeAt(end).line), text: "" }];
      yield {
        place: lines.placeAt(start),
        message: "commits are found by their trailers; this field is not kept",
        ...(isEmpty && { fix: { description: "remove the empty field", edits } }),
      };
    }
  },
};

export const planRules: readonly Rule[] = [uncoveredCriterion, scopeSplit, handWrittenCommits];
