import type { Html } from "mdast";
import type { CrqDiagnostic } from "../model.ts";
import { rangeOf, readMarkdown } from "../parse/markdown.ts";
import { byCodePoint, type Catalogue, type CatalogueEntry, INDEX_FILE, LIST_FILE } from "./catalogue.ts";

const OPEN = "<!-- crq-index -->";
const CLOSE = "<!-- /crq-index -->";
const COLUMNS = ["ID", "Title", "Status", "Kind", "Criteria", "Depends on"];

/** The text of `list.txt`: one path a line relative to the CRQ folder, sorted by code point, LF. */
export function generateList(catalogue: Catalogue): string {
  return catalogue.entries
    .map(({ path }) => path)
    .sort(byCodePoint)
    .map((path) => `${path}\n`)
    .join("");
}

/**
 * The text of `INDEX.md`: the table between its markers, the text around them as in `existing`. Without markers the table is added at
 * the end; markers that do not pair are a problem.
 */
export function generateIndex(
  catalogue: Catalogue,
  existing: string | undefined,
): { readonly text: string } | { readonly problem: string } {
  const block = `${OPEN}\n${table(catalogue)}\n${CLOSE}`;
  if (existing === undefined || existing.trim() === "") return { text: `# Change requests\n\n${block}\n` };
  const marks = readMarkdown(existing).children.filter((node): node is Html => node.type === "html");
  const opening = marks.filter((node) => node.value.trim() === OPEN);
  const closing = marks.filter((node) => node.value.trim() === CLOSE);
  const [open] = opening;
  const [close] = closing;
  if (open === undefined && close === undefined) return { text: `${existing.replace(/\s*$/, "")}\n\n${block}\n` };
  if (
    open === undefined ||
    close === undefined ||
    opening.length > 1 ||
    closing.length > 1 ||
    rangeOf(open).end > rangeOf(close).start
  ) {
    return { problem: `the markers ${OPEN} and ${CLOSE} do not form one pair` };
  }
  return { text: existing.slice(0, rangeOf(open).start) + block + existing.slice(rangeOf(close).end) };
}

/** `index/out-of-date` for each generated file that differs from the documents; nothing is read or written. */
export function compareGenerated(
  catalogue: Catalogue,
  files: { readonly list: string | undefined; readonly index: string | undefined },
): CrqDiagnostic[] {
  const problems: CrqDiagnostic[] = [];
  const add = (name: string, message: string, fix?: CrqDiagnostic["fix"]) =>
    problems.push({
      severity: "error",
      rule: "index/out-of-date",
      message,
      file: `${catalogue.folder}/${name}`,
      line: 1,
      column: 1,
      ...(fix && { fix }),
    });
  const compare = (name: string, now: string | undefined, wanted: string) => {
    if (now !== undefined && now.replaceAll("\r\n", "\n") === wanted.replaceAll("\r\n", "\n")) return;
    const file = `${catalogue.folder}/${name}`;
    const message = `${now === undefined ? "is missing" : "differs from the documents"}; run \`crq-agent index\``;
    add(name, message, {
      description: "write it from the documents",
      edits: [{ file, start: 0, end: now?.length ?? 0, text: wanted }],
    });
  };
  compare(LIST_FILE, files.list, generateList(catalogue));
  const index = generateIndex(catalogue, files.index);
  if ("problem" in index) add(INDEX_FILE, `${index.problem}; repair them by hand`);
  else compare(INDEX_FILE, files.index, index.text);
  return problems;
}

function table(catalogue: Catalogue): string {
  const rows = [...catalogue.entries].sort((a, b) => byCodePoint(a.path, b.path)).map((entry) => rowOf(entry));
  return [COLUMNS, COLUMNS.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function rowOf({ path, crq, id }: CatalogueEntry): string[] {
  const criteria = crq.criteria.filter(({ withdrawn }) => withdrawn === undefined);
  const checked = criteria.filter(({ checks }) => checks.length > 0);
  const link = `[${id ?? "?"}](${path.split("/").map(encodeURIComponent).join("/")})`;
  return [
    link,
    cell(crq.metadata?.title ?? crq.title?.text ?? ""),
    crq.metadata?.status ?? "–",
    crq.metadata?.kind ?? "–",
    `${checked.length}/${criteria.length}`,
    crq.metadata?.dependsOn?.join(", ") ?? "",
  ];
}

/** Text of a title inside a table cell: nothing in it may end the cell, the row or the table's markers. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\|<[\]]/g, "\\$&");
}
