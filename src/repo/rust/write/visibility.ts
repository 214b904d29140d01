import { fieldsOf, membersOf } from "../graph/members.ts";
import type { StaysPrivate } from "../graph/together/stays-private.ts";
import { childOf, childOfType, type Syntax } from "../read/grammar.ts";
import { visibilityOf } from "../read/item-facts.ts";
import type { Item, Module } from "../read/model.ts";

/** What stood side by side in one crate stands in several now: edits by source offset that let the others in. */

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Whether an item of another node, that could see a member of this visibility in this module, says a word. */
export type SaidElsewhere = (word: string, within: Module, visibility: string) => boolean;

/** `staysPrivate` shares its node with all that names it. */
export function openings(item: Item, saidElsewhere: SaidElsewhere, staysPrivate: StaysPrivate): readonly Edit[] {
  const edits: Edit[] = [];
  const raise = (node: Syntax, at: number, found = childOfType(node, "visibility_modifier")): void => {
    if (staysPrivate.items.has(item) && node === item.syntax) return;
    if (staysPrivate.members.has(node)) return;
    if (!found) edits.push({ start: at, end: at, text: "pub " });
    else if (item.file.text.slice(found.start, found.end) !== "pub")
      edits.push({ start: found.start, end: found.end, text: "pub" });
  };
  switch (item.kind) {
    case "macro": {
      if (!item.attributes.some(({ name }) => name === "macro_export")) {
        edits.push({ start: item.syntax.start, end: item.syntax.start, text: "#[macro_export]\n" });
      }
      break;
    }
    case "impl":
      if (childOf(item.syntax, "trait")) break;
      for (const { name, node } of membersOf(item.syntax, item.file.text)) {
        const visibility = visibilityOf(node, item.file.text);
        if (visibility !== "pub" && saidElsewhere(name, item.module, visibility)) raise(node, node.start);
      }
      break;
    case "const":
      if (item.name !== undefined) raise(item.syntax, item.syntax.start);
      break;
    case "struct":
    case "union": {
      raise(item.syntax, item.syntax.start);
      const named = item.name !== undefined && saidElsewhere(item.name, item.module, "pub(crate)");
      const filledUp = named && saidElsewhere("..", item.module, "pub(crate)");
      for (const { name, node, visibility, tuple } of fieldsOf(item)) {
        const written = visibility ? item.file.text.slice(visibility.start, visibility.end) : "";
        if (written === "pub" || !(filledUp || (tuple && named) || saidElsewhere(name, item.module, written))) continue;
        raise(node, node.start, visibility);
      }
      break;
    }
    case "fn":
    case "enum":
    case "trait":
    case "static":
    case "type":
      raise(item.syntax, item.syntax.start);
      break;
    default:
      break;
  }
  // In its own crate an exhaustive match is allowed; the crates that were cut out of it stay allowed.
  for (const { name, start, end, conditional } of item.attributes) {
    if (name === "non_exhaustive" && !conditional) edits.push({ start, end, text: "" });
  }
  return edits.sort((a, b) => a.start - b.start);
}

/** An item's text with its edits, comments and all else byte for byte. */
export function edited(item: Item, edits: readonly Edit[]): string {
  const { text } = item.file;
  let out = "";
  let at = item.start;
  for (const { start, end, text: put } of edits) {
    out += text.slice(at, start) + put;
    at = end;
  }
  return out + text.slice(at, item.end);
}
