import type { Nodes, Table } from "mdast";
import { readMarkdown } from "../../crq/parse/text/markdown.ts";
import { type Child, element, join, type Markup } from "../../ui/html/markup.ts";

/**
 * Markdown of a document as HTML. Whoever wrote it writes no markup here: raw HTML is shown as text, images and links that are no web
 * address become words, and headings stand below those of the page.
 * @param below level of the page's heading above it
 */
export function markdownHtml(source: string, below: number): Markup {
  try {
    return join(readMarkdown(source).children.map((node) => html(node, below)));
  } catch {
    // Nested or opened beyond what the parser reads; the text itself can still be read.
    return element("pre", {}, source);
  }
}

const DEEPEST = 6;

function html(node: Nodes, below: number): Child {
  const inner = (): Markup => join("children" in node ? node.children.map((child) => html(child, below)) : []);
  switch (node.type) {
    case "heading":
      return element(`h${Math.min(DEEPEST, node.depth + below)}`, {}, inner());
    case "paragraph":
      return element("p", {}, inner());
    case "text":
      return node.value;
    case "emphasis":
      return element("em", {}, inner());
    case "strong":
      return element("strong", {}, inner());
    case "delete":
      return element("del", {}, inner());
    case "inlineCode":
      return element("code", {}, node.value);
    case "code":
      return join([
        node.lang ? element("p", { class: "soft lang" }, `${node.lang}${node.meta ? ` ${node.meta}` : ""}`) : undefined,
        element("pre", {}, node.value),
      ]);
    case "html":
    case "yaml":
      return element("code", {}, node.value);
    case "blockquote":
      return element("blockquote", {}, inner());
    case "list":
      return element(node.ordered ? "ol" : "ul", { start: node.start ?? undefined }, inner());
    case "listItem":
      return element("li", {}, node.checked == null ? undefined : node.checked ? "☑ " : "☐ ", inner());
    case "table":
      return tableHtml(node, below);
    case "thematicBreak":
      return element("hr", {});
    case "break":
      return element("br", {});
    case "link":
      return /^https?:\/\//iu.test(node.url)
        ? element("a", { href: node.url, rel: "noopener noreferrer nofollow" }, inner())
        : join([inner(), " (", element("code", {}, node.url), ")"]);
    case "image":
      return element("em", {}, `image: ${node.alt ?? ""} (${node.url})`);
    case "imageReference":
      return element("em", {}, `image: ${node.alt ?? ""}`);
    case "definition":
      return element("p", {}, `[${node.identifier}]: `, element("code", {}, node.url));
    case "footnoteReference":
      return `[${node.identifier}]`;
    case "footnoteDefinition":
      return element("div", {}, `[${node.identifier}] `, inner());
    case "linkReference":
    case "root":
    case "tableRow":
    case "tableCell":
      return inner();
  }
}

function tableHtml({ children }: Table, below: number): Markup {
  const [head, ...rows] = children;
  const cells = (name: "th" | "td", row: Table["children"][number]): Markup =>
    element("tr", {}, ...row.children.map((cell) => element(name, name === "th" ? { scope: "col" } : {}, html(cell, below))));
  return element(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table of the document" },
    element(
      "table",
      {},
      head && element("thead", {}, cells("th", head)),
      element("tbody", {}, ...rows.map((row) => cells("td", row))),
    ),
  );
}
