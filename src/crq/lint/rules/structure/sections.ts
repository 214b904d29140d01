import type { Heading } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { SECTIONS, type SectionName, TAIL_SECTIONS } from "../../../model.ts";
import type { SectionNodes } from "../../../parse/sections/sections.ts";
import { sectionSynonym } from "../../../parse/sections/synonyms.ts";
import { rangeOf, startOf } from "../../../parse/text/markdown.ts";
import { newlineOf } from "../../../write/edits.ts";
import { type Finding, levels, type Rule, type RuleInput } from "../../rule.ts";

const ORDER: readonly SectionName[] = [...SECTIONS, ...TAIL_SECTIONS];
const numberOf = (name: SectionName): number => ORDER.indexOf(name) + 1;

/** What `--fix` puts into a section it adds; a section that holds nothing else still counts as missing. */
export const SKELETON = "<!-- crq-agent: this section is still to be written -->";

export const missingSection: Rule = {
  name: "structure/missing-section",
  about: "one of the seven sections is missing",
  explain:
    "Readers and tools look for Overview, Motivation, Scope, Technical Details, Acceptance Criteria, Implementation Plan and References. " +
    "`--fix` adds the heading with a marked gap; the finding stays until the gap is filled.",
  levels: levels("i E E"),
  fixes: true,
  *check(input) {
    const { document, profile } = input;
    for (const name of SECTIONS) {
      const present = document.sections.find(({ section }) => section.name === name);
      if (present !== undefined) {
        if (isSkeleton(present)) {
          yield { place: present.section.place, message: `section ${numberOf(name)} (${name}) is still to be written` };
        }
        continue;
      }
      const synonym =
        profile === "import" ? document.sections.find(({ section }) => sectionSynonym(section.heading) === name) : undefined;
      if (synonym !== undefined) continue;
      yield { place: endPlace(input), message: `section ${numberOf(name)} (${name}) is missing`, ...addSection(input, name) };
    }
  },
};

export const emptySection: Rule = {
  name: "structure/empty-section",
  about: "a section holds no text",
  explain: "A heading without text says nothing. Write the section, or say in one sentence why there is nothing to say.",
  levels: levels("W E E"),
  *check({ document }) {
    for (const entry of document.sections) {
      if (entry.nodes.every((node) => node.type === "html") && !isSkeleton(entry)) {
        yield { place: entry.section.place, message: `section "${entry.section.heading}" is empty` };
      }
      for (const [heading, next] of subsections(entry)) {
        if (next.every((node) => node.type === "html") && !isSkeleton(entry)) {
          yield { place: document.lines.placeAt(startOf(heading)), message: `sub-section "${plainText(heading)}" is empty` };
        }
      }
    }
  },
};

export const sectionOrder: Rule = {
  name: "structure/section-order",
  about: "sections are not numbered `N.` in order, or sub-sections not `N.M.`",
  explain:
    "Facts and reviews cite `4.1` and `AC-3`; that works only while the numbers are those of the format. `--fix` writes the numbers; it moves nothing.",
  levels: levels("i W E"),
  fixes: true,
  *check(input) {
    const { document } = input;
    let highest = 0;
    for (const entry of document.sections) {
      const { name, place } = entry.section;
      if (name === undefined) continue;
      const wanted = numberOf(name);
      if (wanted < highest)
        yield {
          place,
          message: `"${entry.section.heading}" stands after section ${highest}; move it above "${firstAfter(document, wanted)}"`,
        };
      highest = Math.max(highest, wanted);
      yield* numbered(input, entry.heading, `${wanted}. `);
      for (const [index, [heading]] of subsections(entry).entries()) {
        yield* numbered(input, heading, `${wanted}.${index + 1}. `);
      }
    }
  },
};

export const unknownSection: Rule = {
  name: "structure/unknown-section",
  about: "an unknown or repeated H2",
  explain: `Text under an unknown heading is kept, but no tool reads it. The sections are ${ORDER.join(", ")}; all else is a sub-section \`4.x.\`.`,
  levels: levels("i W E"),
  *check({ document }) {
    const seen = new Map<SectionName, number>();
    for (const { section } of document.sections) {
      if (section.name === undefined) {
        const meant = sectionSynonym(section.heading);
        const move =
          meant === undefined ? "make it a sub-section of one of the format's sections" : `write "${numberOf(meant)}. ${meant}"`;
        yield { place: section.place, message: `unknown section "${section.heading}"; ${move}` };
        continue;
      }
      const first = seen.get(section.name);
      if (first !== undefined)
        yield { place: section.place, message: `a second section "${section.name}"; only the one at line ${first} counts` };
      else seen.set(section.name, section.place.line);
    }
  },
};

/** Heading of the first section that comes after one in the format's order. */
function firstAfter({ sections }: RuleInput["document"], wanted: number): string {
  return sections.find(({ section: { name } }) => name !== undefined && numberOf(name) > wanted)?.section.heading ?? "";
}

/** H3 headings of a section, each with the nodes up to the next one. */
function subsections({ nodes }: SectionNodes): [Heading, SectionNodes["nodes"]][] {
  const starts = nodes.flatMap((node, index) => (node.type === "heading" && node.depth === 3 ? [{ node, index }] : []));
  return starts.map(({ node, index }, position) => [node, nodes.slice(index + 1, starts[position + 1]?.index ?? nodes.length)]);
}

function isSkeleton({ nodes }: SectionNodes): boolean {
  return (
    nodes.some((node) => node.type === "html" && node.value.trim() === SKELETON) &&
    nodes.every((node) => node.type === "heading" || (node.type === "html" && node.value.trim() === SKELETON))
  );
}

function endPlace({ document }: RuleInput): Finding["place"] {
  return document.h1 === undefined ? { line: 1, column: 1 } : document.lines.placeAt(startOf(document.h1));
}

function addSection({ document }: RuleInput, name: SectionName): Pick<Finding, "fix"> {
  const { path, source } = document.crq;
  const newline = newlineOf(source);
  const next = document.sections.find(
    ({ section }) => section.name !== undefined && ORDER.indexOf(section.name) > ORDER.indexOf(name),
  );
  const at = next === undefined ? source.length : document.lines.startOf(next.section.place.line);
  const lead = at > 0 && !/[\r\n]$/.test(source.slice(0, at)) ? newline : "";
  const body = name === "Scope" ? ["### 3.1. In Scope", SKELETON, "", "### 3.2. Out of Scope", SKELETON] : [SKELETON];
  const text = lead + [`## ${numberOf(name)}. ${name}`, ...body, ""].join(newline) + (next === undefined ? "" : newline);
  return {
    fix: {
      description: `add section ${numberOf(name)} (${name}) as a gap to fill`,
      edits: [{ file: path, start: at, end: at, text }],
    },
  };
}

function* numbered({ document }: RuleInput, heading: Heading, wanted: string): Iterable<Finding> {
  const text = plainText(heading);
  if (text.startsWith(wanted)) return;
  const [first] = heading.children;
  const start = first === undefined ? undefined : rangeOf(first).start;
  const number =
    start === undefined
      ? undefined
      : /^(?:\d+(?:\.\d+)*[.)]?)[ \t]+/.exec(document.crq.source.slice(start, rangeOf(heading).end))?.[0];
  const file = document.crq.path;
  yield {
    place: document.lines.placeAt(startOf(heading)),
    message: `"${text}" should be numbered \`${wanted.trim()}\``,
    ...(start !== undefined && {
      fix: {
        description: `number it \`${wanted.trim()}\``,
        edits: [{ file, start, end: start + (number?.length ?? 0), text: wanted }],
      },
    }),
  };
}
