import type { Code, List, ListItem, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { buildsOutput } from "../../checks.ts";
import type { Criterion, Place } from "../../model.ts";
import { readTomlBlock, type TomlBlock } from "../../toml/block.ts";
import { variablesOf } from "../../variables.ts";
import { readChecks } from "../blocks/checks.ts";
import type { Lines } from "../text/lines.ts";
import { descendants, rangeOf, startOf } from "../text/markdown.ts";
import type { Problems } from "../text/problems.ts";

const CRITERION_ID = /^AC-[1-9]\d*$/;

/** A list item of section 5, with or without an id. */
export interface CriterionItem {
  readonly item: ListItem;
  /** undefined: the item does not start with `**AC-n**`. */
  readonly criterion: Criterion | undefined;
  readonly block: TomlBlock | undefined;
}

/**
 * Reads the items of section 5 and every `toml check` block of the document. A block counts only inside the item whose id it names; all
 * others are `acceptance/misplaced-block` and are not run.
 */
export function readCriteria(
  section: readonly RootContent[],
  blocks: readonly Code[],
  source: string,
  lines: Lines,
  problems: Problems,
): CriterionItem[] {
  const taken = new Set<Code>();
  const items = section
    .filter((node): node is List => node.type === "list")
    .flatMap((list) => list.children)
    .map((item) => readItem(item, taken, source, lines, problems));
  for (const node of blocks) {
    if (taken.has(node)) continue;
    const place = lines.placeAt(startOf(node));
    problems.add(
      "acceptance/misplaced-block",
      place,
      `\`${node.meta ?? ""}\` stands in no criterion of section 5; it is not run`,
    );
  }
  checkIds(items, lines, problems);
  checkStrays(section, items, lines, problems);
  const broken = brokenReferences(items, problems);
  return items.map((entry) =>
    entry.criterion !== undefined && broken.has(entry) ? { ...entry, criterion: { ...entry.criterion, checks: [] } } : entry,
  );
}

function readItem(item: ListItem, taken: Set<Code>, source: string, lines: Lines, problems: Problems): CriterionItem {
  const id = idOf(item);
  const place = lines.placeAt(startOf(item));
  const codes = descendants(item, "code").filter(isCheckBlock);
  let block: TomlBlock | undefined;
  for (const node of codes) {
    taken.add(node);
    const named = (node.meta ?? "").trim().replace(/^check\s*/, "");
    const at = lines.placeAt(startOf(node));
    const within = `the criterion at ${where(place)}`;
    if (id === undefined) {
      problems.add(
        "acceptance/misplaced-block",
        at,
        `\`check ${named}\` stands in an item without an id (${where(place)}); it is not run`,
      );
    } else if (named !== id) {
      problems.add("acceptance/misplaced-block", at, `\`check ${named}\` stands in ${id}, ${within}; it is not run`);
    } else if (block !== undefined) {
      problems.add(
        "acceptance/misplaced-block",
        at,
        `${id} has a second block; the first is at ${where(block.place)}; put both checks in one`,
      );
    } else {
      block = readTomlBlock(node, lines);
    }
  }
  if (id === undefined) return { item, criterion: undefined, block: undefined };
  const text = textOf(item, codes, source);
  const withdrawn = /^\(withdrawn (\d{4}-\d{2}-\d{2}: [^)]+)\)/.exec(text)?.[1];
  // A second block leaves open which one counts, so neither does.
  const sound = codes.every((node) => (node.meta ?? "").trim() === `check ${id}`) && codes.length <= 1;
  const read = block === undefined ? undefined : readChecks(block, problems);
  return {
    item,
    block,
    criterion: {
      id,
      text,
      place,
      ...(withdrawn !== undefined && { withdrawn }),
      need: read?.need ?? "all",
      checks: sound && withdrawn === undefined ? (read?.checks ?? []) : [],
      ...(block !== undefined && { blockPlace: block.place }),
    },
  };
}

/** Whether a code node is a fence of language `toml` with an info that starts with `check`. */
export function isCheckBlock(node: Code): boolean {
  return node.lang === "toml" && /^check(?:\s|$)/.test((node.meta ?? "").trim());
}

function idOf(item: ListItem): string | undefined {
  const first = item.children[0];
  const strong = first?.type === "paragraph" ? first.children[0] : undefined;
  const text = strong?.type === "strong" ? plainText(strong) : "";
  return CRITERION_ID.test(text) ? text : undefined;
}

/** The Markdown of the item after its id, without its check blocks; lines lose their indentation. */
function textOf(item: ListItem, codes: readonly Code[], source: string): string {
  const first = item.children[0];
  const id = first?.type === "paragraph" ? first.children[0] : undefined;
  let from = rangeOf(id ?? item).end;
  let text = "";
  for (const code of codes) {
    const { start, end } = rangeOf(code);
    text += source.slice(from, start);
    from = end;
  }
  text += source.slice(from, rangeOf(item).end);
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^[\s:.–—-]+/, "")
    .trim();
}

/** An item without id, or with one that is taken, would be left out of every verdict without a word. */
function checkIds(items: readonly CriterionItem[], lines: Lines, problems: Problems): void {
  const seen = new Map<string, Place>();
  for (const { item, criterion } of items) {
    const place = lines.placeAt(startOf(item));
    const first = criterion === undefined ? undefined : seen.get(criterion.id);
    if (criterion === undefined) {
      problems.add(
        "acceptance/criterion-without-id",
        place,
        "this item of section 5 has no id, so nothing checks it; start it with `**AC-n**: `",
      );
    } else if (first !== undefined) {
      problems.add("acceptance/criterion-without-id", place, `${criterion.id} is there twice; the first is at ${where(first)}`);
    } else seen.set(criterion.id, place);
  }
}

/** A criterion written as a paragraph or a nested item looks like one to people and is none to the runner. */
function checkStrays(section: readonly RootContent[], items: readonly CriterionItem[], lines: Lines, problems: Problems): void {
  const counted = new Set(items.map(({ item }) => item.children[0]));
  for (const paragraph of section.flatMap((node) => descendants(node, "paragraph"))) {
    const [first] = paragraph.children;
    const text = first?.type === "strong" ? plainText(first) : "";
    if (!CRITERION_ID.test(text) || counted.has(paragraph)) continue;
    const message = `${text} is no item of its own in a list of section 5, so nothing checks it; write it as \`-   **${text}**: …\``;
    problems.add("acceptance/criterion-without-id", lines.placeAt(startOf(paragraph)), message);
  }
}

/** Items whose `${out:AC-n.k}` names no build of this document. */
function brokenReferences(items: readonly CriterionItem[], problems: Problems): Set<CriterionItem> {
  const broken = new Set<CriterionItem>();
  for (const entry of items) {
    const { criterion, block } = entry;
    if (criterion === undefined || block === undefined || criterion.checks.length === 0) continue;
    for (const { text, path } of strings(block.data)) {
      for (const part of variablesOf(text)) {
        if (part.kind !== "out") continue;
        const target = items.find((item) => item.criterion?.id === part.ac)?.criterion?.checks[part.index];
        if (target && buildsOutput(target)) continue;
        broken.add(entry);
        const why = target === undefined ? "there is no such check" : `that check is a "${target.kind}"`;
        problems.add(
          "acceptance/invalid-block",
          block.placeOf(path),
          `\${out:${part.ac}.${part.index}} names no \`nix-build\` and no \`steps\` with build = true: ${why} (check numbers start at 0)`,
        );
      }
    }
  }
  return broken;
}

function strings(
  value: unknown,
  path: readonly (string | number)[] = [],
): { text: string; path: readonly (string | number)[] }[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => strings(item, [...path, index]));
  if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    return Object.entries(value).flatMap(([key, item]) => strings(item, [...path, key]));
  }
  return [];
}

function where(place: Place): string {
  return `${place.line}:${place.column}`;
}
