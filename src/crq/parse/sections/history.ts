import type { List } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import type { Crq } from "../../model.ts";
import { readDocument } from "../document.ts";

/** The items of section 11 as plain text, in order. */
export function readHistory(crq: Crq): readonly string[] {
  const nodes = readDocument(crq.path, crq.source).sections.find(({ section }) => section.name === "History")?.nodes ?? [];
  return nodes
    .filter((node): node is List => node.type === "list")
    .flatMap((list) => list.children)
    .map((item) => plainText(item).replace(/\s+/gu, " ").trim());
}
