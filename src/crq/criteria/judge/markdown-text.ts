import { toString as textOf } from "mdast-util-to-string";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { visit } from "unist-util-visit";

/** What a reader of a Markdown file sees: comments, front matter and raw HTML are left out. */
export interface MarkdownText {
  readonly headings: readonly string[];
  /** Prose, inline code and code blocks, one block a line group. */
  readonly text: string;
  /** Fenced shell code, in the order of the document. */
  readonly shellFences: readonly ShellFence[];
  /** Those whose info string holds the word `run`. */
  readonly runFences: readonly ShellFence[];
}

export interface ShellFence {
  readonly language: string;
  readonly code: string;
  readonly line: number;
}

const processor = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter, ["yaml", "toml"]);

const RUN_LANGUAGES: ReadonlySet<string> = new Set(["sh", "bash", "shell", "console"]);

export function markdownText(source: string): MarkdownText {
  const tree = processor.parse(source);
  const headings: string[] = [];
  const shellFences: ShellFence[] = [];
  const runFences: ShellFence[] = [];
  const texts: string[] = [];
  visit(tree, (node) => {
    switch (node.type) {
      case "heading":
        headings.push(textOf(node, { includeHtml: false }));
        texts.push(textOf(node, { includeHtml: false }));
        return "skip";
      case "paragraph":
      case "tableCell":
        texts.push(textOf(node, { includeHtml: false }));
        return "skip";
      case "code": {
        texts.push(node.value);
        const words = (node.meta ?? "").split(/\s+/);
        if (RUN_LANGUAGES.has(node.lang ?? "")) {
          const fence = { language: node.lang ?? "", code: node.value, line: node.position?.start.line ?? 1 };
          shellFences.push(fence);
          if (words.includes("run")) runFences.push(fence);
        }
        return "skip";
      }
      default:
        return undefined;
    }
  });
  return { headings, text: texts.join("\n"), shellFences, runFences };
}

/** Headings are compared without their number, their case and the amount of white space. */
export function sameHeading(a: string, b: string): boolean {
  return headingKey(a) === headingKey(b);
}

const headingKey = (heading: string): string =>
  heading
    .trim()
    .replace(/^\d+(?:\.\d+)*\.?\s+/, "")
    .replace(/\s+/g, " ")
    .toLowerCase();
