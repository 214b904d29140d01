import type { Code, Heading, List, RootContent } from "mdast";
import { SECTIONS, type SectionName, TAIL_SECTIONS } from "../../model.ts";
import { sectionName, withoutNumber } from "../../parse/sections/sections.ts";
import { fenceProblem } from "../../parse/text/fences.ts";
import type { Lines } from "../../parse/text/lines.ts";
import { descendants, rangeOf, startOf } from "../../parse/text/markdown.ts";
import { type Field, fieldKey, fieldsOf } from "../read/fields.ts";
import { headingSection, type Outline, type Part } from "../read/outline.ts";
import {
  type CriterionContext,
  criterionNodes,
  type ImportedCriterion,
  numbering,
  writeItem,
  writeParagraph,
} from "./criteria.ts";

/** The order of the format; the last one is written from what is left over. */
export const ORDER: readonly SectionName[] = [...SECTIONS, ...TAIL_SECTIONS];

/** The sections of an import, and which source lines stand in them word for word. */
export interface Body {
  /** Blocks of lines; a blank line goes between two blocks. */
  readonly sections: ReadonlyMap<SectionName, readonly (readonly string[])[]>;
  readonly moved: ReadonlySet<number>;
  readonly criteria: readonly ImportedCriterion[];
}

/** Puts the text of a foreign document under the headings of the format. What may not be taken over as it stands is left out here. */
export function writeBody(outline: Outline, fields: readonly Field[], rust: boolean): Body {
  return new BodyWriter(outline, fields, rust).write();
}

class BodyWriter {
  readonly #outline: Outline;
  readonly #lines: Lines;
  readonly #sections = new Map<SectionName, string[][]>();
  /** H3 headings of each section so far. */
  readonly #subsections = new Map<SectionName, number>();
  readonly #moved = new Set<number>();
  readonly #criteria: ImportedCriterion[] = [];
  readonly #barred: ReadonlySet<number>;
  readonly #context: CriterionContext;
  /** Fields whose value is metadata: their lines are consumed. */
  readonly #consumed: ReadonlySet<number>;
  /** Last source line put into a section, so that blocks that touched go on touching. */
  #last: { readonly section: SectionName; readonly line: number } | undefined;

  constructor(outline: Outline, fields: readonly Field[], rust: boolean) {
    this.#outline = outline;
    this.#lines = outline.lines;
    this.#barred = barredLines(outline);
    this.#context = { lines: outline.lines, numbers: numbering(), barred: this.#barred, rust };
    this.#consumed = new Set(fields.filter(({ label }) => fieldKey(label) !== undefined).flatMap(linesOfField));
  }

  write(): Body {
    const { preamble, parts } = this.#outline;
    for (const node of preamble) this.#preamble(node);
    for (const part of parts) this.#part(part);
    return { sections: this.#sections, moved: this.#moved, criteria: this.#criteria };
  }

  /** Before the first heading fields name their own sections; all else introduces the document. */
  #preamble(node: RootContent): void {
    const fields = fieldsOf(node, this.#lines).filter(({ label }) => fieldKey(label) === undefined && sectionOfField(label));
    if (fields.length === 0 || !this.#isMovable(node)) {
      this.#move("Overview", node, 0);
      return;
    }
    const ownLines = new Set(fields.flatMap(linesOfField));
    const { first, last } = this.#span(node);
    for (const field of fields) this.#field(field);
    const others = range(first, last).filter((line) => !ownLines.has(line) && !this.#consumed.has(line));
    this.#add("Overview", others);
  }

  #field(field: Field): void {
    const section = sectionOfField(field.label) ?? "Overview";
    const nested = field.item?.children.find((child): child is List => child.type === "list");
    if (section !== "Acceptance Criteria") {
      this.#add(section, linesOfField(field));
    } else if (nested !== undefined) {
      this.#items(nested);
    } else if (field.item !== undefined) {
      this.#criterion(writeItem(field.item, this.#context));
    } else {
      this.#add(section, linesOfField(field));
    }
  }

  #part(part: Part): void {
    const { heading, section } = part;
    const target = section ?? "Technical Details";
    if (target === "Imported Text") return;
    const exact = sectionName(part.text) === target;
    const isFirst = !this.#sections.has(target);
    const named = section === undefined || (!exact && (!isFirst || isScopeHalf(part.text)));
    const title = withoutNumber(this.#inline(heading)).text;
    if (named) this.#subheading(target, section === undefined ? `Imported: ${title}` : title);
    else if (!this.#sections.has(target)) this.#sections.set(target, []);
    if (exact && isFirst) {
      // The new heading says the same; a line that is equal to it is not repeated in section 12.
      const { first, last } = this.#span(heading);
      if (first === last && this.#lines.textOf(first).trim() === sectionHeading(target)) this.#moved.add(first);
    }
    const shift = (named ? 3 : 2) - heading.depth;
    if (target === "Acceptance Criteria") this.#acceptance(part.nodes, shift);
    else for (const node of part.nodes) this.#move(target, node, shift);
  }

  #acceptance(nodes: readonly RootContent[], shift: number): void {
    const chosen = criterionNodes(nodes);
    for (const node of nodes) {
      if (!chosen.has(node) || !this.#isMovable(node)) this.#move("Acceptance Criteria", node, shift);
      else if (node.type === "list") this.#items(node);
      else if (node.type === "paragraph") this.#criterion(writeParagraph(node, this.#context));
    }
  }

  #items(list: List): void {
    for (const item of list.children) if (item.children.length > 0) this.#criterion(writeItem(item, this.#context));
  }

  #criterion({ lines, used, criterion }: ReturnType<typeof writeItem>): void {
    this.#blocks("Acceptance Criteria").push([...lines]);
    for (const line of used) this.#moved.add(line);
    this.#criteria.push(criterion);
    this.#last = undefined;
  }

  #subheading(target: SectionName, text: string): void {
    const blocks = this.#blocks(target);
    const number = (this.#subsections.get(target) ?? 0) + 1;
    this.#subsections.set(target, number);
    blocks.push([`### ${ORDER.indexOf(target) + 1}.${number}. ${text}`]);
    this.#last = undefined;
  }

  #move(target: SectionName, node: RootContent, shift: number): void {
    if (node.type === "heading") {
      this.#heading(target, node, shift);
      return;
    }
    if (!this.#isMovable(node)) return;
    const { first, last } = this.#span(node);
    this.#add(
      target,
      range(first, last).filter((line) => !this.#barred.has(line) && !this.#consumed.has(line)),
    );
    if (node.type === "code" && fenceProblem(node, this.#lines)?.kind === "open") {
      const opening = /^[`~]+/.exec(this.#lines.source.slice(startOf(node), rangeOf(node).end))?.[0] ?? "```";
      this.#blocks(target).at(-1)?.push(opening);
    }
  }

  #heading(target: SectionName, heading: Heading, shift: number): void {
    const depth = Math.min(Math.max(heading.depth + shift, 3), 6);
    const { first, last } = this.#span(heading);
    const text = `${"#".repeat(depth)} ${this.#inline(heading)}`.trimEnd();
    this.#blocks(target).push([text]);
    if (depth === 3) this.#subsections.set(target, (this.#subsections.get(target) ?? 0) + 1);
    if (first === last && this.#lines.textOf(first).trim() === text) this.#moved.add(first);
    this.#last = undefined;
  }

  /** Lines of the source, as a block of their own or, where they touched the block before, as part of it. */
  #add(target: SectionName, lines: readonly number[]): void {
    const kept = lines.slice(
      lines.findIndex((line) => this.#lines.textOf(line).trim() !== ""),
      lines.findLastIndex((line) => this.#lines.textOf(line).trim() !== "") + 1,
    );
    const [first] = kept;
    if (first === undefined) return;
    const blocks = this.#blocks(target);
    const touches = this.#last?.section === target && this.#last.line + 1 === first;
    const text = kept.map((line) => this.#lines.textOf(line));
    const block = touches ? blocks.at(-1) : undefined;
    if (block === undefined) blocks.push(text);
    else for (const line of text) block.push(line);
    for (const line of kept) this.#moved.add(line);
    this.#last = { section: target, line: kept.at(-1) ?? first };
  }

  #blocks(target: SectionName): string[][] {
    const blocks = this.#sections.get(target) ?? [];
    this.#sections.set(target, blocks);
    return blocks;
  }

  #span(node: RootContent): { readonly first: number; readonly last: number } {
    const { start, end } = rangeOf(node);
    return { first: this.#lines.placeAt(start).line, last: this.#lines.placeAt(end).line };
  }

  /** The text of a heading as Markdown, on one line. */
  #inline(heading: Heading): string {
    const first = heading.children[0];
    const last = heading.children.at(-1);
    if (first === undefined || last === undefined) return "";
    return this.#lines.source.slice(rangeOf(first).start, rangeOf(last).end).replace(/\s+/g, " ").trim();
  }

  /** Whether a block means the same in the import: nothing in it is left open, and nothing speaks to this tool. */
  #isMovable(node: RootContent): boolean {
    if (node.type === "yaml" || this.#barred.has(this.#span(node).first)) return false;
    if (node.type === "html" && node === this.#outline.root.children.at(-1) && !/^<!--[\s\S]*-->\s*$/.test(node.value))
      return false;
    if (descendants(node, "html").some(({ value }) => /<!--\s*\/?crq-/.test(value))) return false;
    return descendants(node, "code").every((code) => {
      const problem = fenceProblem(code, this.#lines);
      return problem === undefined || (code === node && problem.kind === "open");
    });
  }
}

/** `## 3. Scope`. */
export function sectionHeading(name: SectionName): string {
  return `## ${ORDER.indexOf(name) + 1}. ${name}`;
}

/** Lines of blocks that only the tool may write (`toml crq`, `check`, `facts`): they are kept as text, never taken over. */
function barredLines({ root, lines }: Outline): ReadonlySet<number> {
  const barred = new Set<number>();
  for (const node of root.children) {
    for (const code of descendants(node, "code").filter(isReserved)) {
      const first = lines.placeAt(startOf(code)).line;
      const apart = lines.source.slice(lines.startOf(first), startOf(code)).trim() === "";
      const whole = apart ? code : node;
      for (const line of range(lines.placeAt(startOf(whole)).line, lines.placeAt(rangeOf(whole).end).line)) barred.add(line);
    }
  }
  return barred;
}

function isReserved(node: Code): boolean {
  return node.lang === "toml" && /^(?:crq|check|facts)(?:\s|$)/.test((node.meta ?? "").trim());
}

function sectionOfField(label: string): SectionName | undefined {
  const section = headingSection(label);
  return section === "Imported Text" ? undefined : section;
}

function isScopeHalf(text: string): boolean {
  return /\b(?:in scope|out of scope|non-goals)\b/i.test(text);
}

function linesOfField({ first, last }: Field): number[] {
  return range(first, last);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
