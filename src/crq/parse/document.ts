import type { Code, Heading, Root } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import type { Crq, SectionName } from "../model.ts";
import { readTomlBlock, type TomlBlock } from "../toml/block.ts";
import { type PlacedFact, readFacts } from "./blocks/facts.ts";
import { readMetadata } from "./blocks/metadata.ts";
import { type CriterionItem, isCheckBlock, readCriteria } from "./sections/criteria.ts";
import { readPlan } from "./sections/plan.ts";
import { readQuestions } from "./sections/questions.ts";
import { readSections, type SectionNodes } from "./sections/sections.ts";
import { TooComplex } from "./text/complexity.ts";
import { checkFences } from "./text/fences.ts";
import { type Lines, linesOf } from "./text/lines.ts";
import { descendants, isTooDeep, rangeOf, readMarkdown, startOf } from "./text/markdown.ts";
import { type Problems, problemsOf } from "./text/problems.ts";

/** A CRQ together with the syntax it was read from; what the linter and the edits need beyond the model. */
export interface CrqDocument {
  readonly crq: Crq;
  readonly root: Root;
  readonly lines: Lines;
  readonly h1: Heading | undefined;
  readonly metadataBlock: TomlBlock | undefined;
  readonly sections: readonly SectionNodes[];
  readonly criterionItems: readonly CriterionItem[];
  readonly facts: readonly PlacedFact[];
}

/** `# CRQ-NNN: Title`. */
const TITLE = /^(CRQ-(?:\d{3,7}|XXX)):[ \t]+(\S.*)$/s;
/** Ids as other documents write them, at the start of a heading: `CRQ 42`, `crq_001`. */
const LOOSE_TITLE = /^CRQ[-_ ]?0*(\d{1,7})(?!\d)\s*[:.–—-]?\s*(.*)$/is;

/** Reads a document. Problems become diagnostics, never exceptions. */
export function readDocument(path: string, source: string): CrqDocument {
  const problems = problemsOf(path);
  const lines = linesOf(source);
  const root = readTree(source, problems);
  const h1 = root.children.find((node): node is Heading => node.type === "heading" && node.depth === 1);
  const title = readTitle(h1, lines);
  if (h1 === undefined) {
    problems.add("structure/title", { line: 1, column: 1 }, "there is no H1; expected `# CRQ-NNN: Title`");
  }
  const codes = descendants(root, "code");
  const metadataBlock = findMetadata(root, h1, codes, lines, problems);
  const sections = readSections(root, lines);
  checkRepeated(sections, problems);
  const nodesOf = (name: SectionName) => sections.find(({ section }) => section.name === name)?.nodes ?? [];
  const criterionItems = readCriteria(nodesOf("Acceptance Criteria"), codes.filter(isCheckBlock), source, lines, problems);
  const facts = readFacts(
    codes.filter((node) => node.lang === "toml" && node.meta?.trim() === "facts"),
    lines,
    problems,
  );
  checkFences(root, lines, problems);
  const metadata = metadataBlock === undefined ? undefined : readMetadata(path, metadataBlock, problems);

  return {
    root,
    lines,
    h1,
    metadataBlock,
    sections,
    criterionItems,
    facts,
    crq: {
      path,
      source,
      metadata,
      metadataRange: metadataBlock?.range,
      title,
      sections: sections.map(({ section }) => section),
      criteria: criterionItems.flatMap(({ criterion }) => (criterion === undefined ? [] : [criterion])),
      steps: readPlan(nodesOf("Implementation Plan"), lines),
      questions: readQuestions(nodesOf("Open Questions"), source, lines),
      facts: facts.map(({ fact }) => fact),
      problems: [...problems.found].sort((a, b) => a.line - b.line || a.column - b.column),
    },
  };
}

function readTree(source: string, problems: Problems): Root {
  let why = "nested too deeply";
  try {
    if (!isTooDeep(source)) return readMarkdown(source);
  } catch (error) {
    // The parser recurses once a level; whatever else goes wrong is a fault of ours and must be seen.
    if (error instanceof TooComplex)
      why = "so full of marks (`*`, `[`, `<` and the like in one paragraph) that it takes too long";
    else if (!(error instanceof RangeError)) throw error;
  }
  problems.add("structure/unreadable", { line: 1, column: 1 }, `the Markdown is ${why} to be read; the file is skipped`);
  return { type: "root", children: [] };
}

function readTitle(h1: Heading | undefined, lines: Lines): Crq["title"] {
  if (h1 === undefined) return undefined;
  const text = plainText(h1).trim();
  const place = lines.placeAt(startOf(h1));
  const exact = TITLE.exec(text);
  if (exact) return { id: exact[1], text: (exact[2] ?? "").trim(), place };
  const loose = LOOSE_TITLE.exec(text);
  if (loose?.[1] !== undefined) return { id: `CRQ-${loose[1].padStart(3, "0")}`, text: (loose[2] ?? "").trim(), place };
  return { id: undefined, text, place };
}

/** Whether an H1 text has the form `CRQ-NNN: Title`. */
export function isTitle(text: string): boolean {
  return TITLE.test(text.trim());
}

/** What a person approved and what is checked is read from one section each; a second one would go unseen. */
function checkRepeated(sections: readonly SectionNodes[], problems: Problems): void {
  for (const [index, { section }] of sections.entries()) {
    if (section.name !== "Scope" && section.name !== "Acceptance Criteria") continue;
    const first = sections.findIndex((other) => other.section.name === section.name);
    if (first < index)
      problems.add("structure/unknown-section", section.place, `a second section "${section.name}"; only the first counts`);
  }
}

function findMetadata(
  root: Root,
  h1: Heading | undefined,
  codes: readonly Code[],
  lines: Lines,
  problems: Problems,
): TomlBlock | undefined {
  const blocks = codes.filter((node) => node.lang === "toml" && node.meta?.trim() === "crq");
  const atTop = blocks.filter((node) => root.children.includes(node));
  const [first] = atTop;
  for (const other of blocks) {
    if (other === first) continue;
    const message = atTop.includes(other)
      ? "a second `toml crq` block; a document has exactly one"
      : "a `toml crq` block inside a list or quote does not count";
    problems.add("meta/invalid-block", lines.placeAt(startOf(other)), message);
  }
  if (first === undefined) {
    const matter = root.children.find((node) => node.type === "yaml");
    if (matter) {
      const message = "YAML front matter instead of a `toml crq` block; `crq-agent import` turns such a document into a CRQ";
      problems.add("meta/missing-block", lines.placeAt(startOf(matter)), message);
    } else {
      const place = lines.placeAt(h1 === undefined ? 0 : startOf(h1));
      problems.add("meta/missing-block", place, "there is no `toml crq` block under the H1");
    }
    return undefined;
  }
  const expected = h1 === undefined ? 0 : root.children.indexOf(h1) + 1;
  if (root.children[expected] !== first) {
    problems.add(
      "meta/invalid-block",
      lines.placeAt(rangeOf(first).start),
      "the `toml crq` block must be the first thing after the H1",
    );
  }
  return readTomlBlock(first, lines);
}
