import type { Html } from "mdast";
import type { CrqDiagnostic, Range } from "../model.ts";
import { TooComplex } from "../parse/text/complexity.ts";
import { isTooDeep, rangeOf, readMarkdown } from "../parse/text/markdown.ts";
import { byCodePoint, type Catalogue, type CatalogueEntry, INDEX_FILE, LIST_FILE } from "./catalogue.ts";
import { conflictLine, takeOurs } from "./conflict.ts";

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
 * The text of `INDEX.md`: the table between its markers, the text around them as in `given`. Without markers the table is added at
 * the end; markers that do not pair are a problem.
 */
export function generateIndex(
  catalogue: Catalogue,
  given: string | undefined,
): { readonly text: string } | { readonly problem: string } {
  const block = `${OPEN}\n${tableOf(catalogue)}\n${CLOSE}`;
  if (given === undefined || given.trim() === "") return { text: `# Change requests\n\n${block}\n` };
  // Two branches that both added a CRQ conflict in the table, which is written anew; text of a person is not ours to choose from.
  const existing = takeOurs(given, (ours, theirs) => withoutTable(ours) === withoutTable(theirs));
  const conflict = conflictLine(existing);
  if (conflict !== undefined)
    return { problem: `the text around the table holds a merge conflict (line ${conflict}); resolve it by hand` };
  const table = tableBetween(existing);
  const around = table === undefined ? existing : existing.slice(0, table.start) + existing.slice(table.end);
  const marks = topLevelHtml(around);
  if (marks === undefined) return { problem: "the text around the table is too much for the Markdown parser; shorten it" };
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
    return { problem: `the markers ${OPEN} and ${CLOSE} do not form one pair; repair them by hand` };
  }
  return { text: around.slice(0, rangeOf(open).start) + block + around.slice(rangeOf(close).end) };
}

/** Why INDEX.md could not be written anew, whatever documents there are; undefined: nothing hinders it. */
export function indexProblem(given: string | undefined): string | undefined {
  const made = generateIndex({ folder: "", entries: [], others: [], problems: [] }, given);
  return "problem" in made ? made.problem : undefined;
}

/**
 * What lies between the only line of each marker. It is written anew, so the Markdown parser, which takes longer over a table of thousands
 * of rows than everything else together, need not see it.
 */
function tableBetween(text: string): Range | undefined {
  const opening = [...text.matchAll(/^<!-- crq-index -->[ \t]*(?:\r\n|\n)/gm)];
  const closing = [...text.matchAll(/^<!-- \/crq-index -->[ \t]*$/gm)];
  const [open, close] = [opening[0], closing[0]];
  if (open === undefined || close === undefined || opening.length > 1 || closing.length > 1) return undefined;
  const start = open.index + open[0].length;
  return start <= close.index ? { start, end: close.index } : undefined;
}

/** What a person wrote: lines that are neither the table's nor its markers. */
function withoutTable(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .filter((line) => !line.startsWith("|") && line !== OPEN && line !== CLOSE)
    .join("\n")
    .trim();
}

function topLevelHtml(text: string): Html[] | undefined {
  try {
    return isTooDeep(text) ? undefined : readMarkdown(text).children.filter((node): node is Html => node.type === "html");
  } catch (error) {
    if (error instanceof TooComplex || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `index/out-of-date` for each generated file that differs from the documents; nothing is read or written. */
export function compareGenerated(
  catalogue: Catalogue,
  files: { readonly list: string | undefined; readonly index: string | undefined },
): CrqDiagnostic[] {
  const problems: CrqDiagnostic[] = [];
  const add = (name: string, message: string, line = 1, fix?: CrqDiagnostic["fix"]) =>
    problems.push({
      severity: "error",
      rule: "index/out-of-date",
      message,
      file: `${catalogue.folder}/${name}`,
      line,
      column: 1,
      ...(fix && { fix }),
    });
  const compare = (name: string, now: string | undefined, wanted: string) => {
    if (now !== undefined && now.replaceAll("\r\n", "\n") === wanted.replaceAll("\r\n", "\n")) return;
    const file = `${catalogue.folder}/${name}`;
    const conflict = now === undefined ? undefined : conflictLine(now);
    const why =
      now === undefined
        ? "is missing"
        : conflict === undefined
          ? "differs from the documents"
          : "holds merge conflict markers; two branches added CRQs, and the documents themselves say which";
    const message = `${why}; run \`crq-agent index\``;
    add(name, message, conflict ?? 1, {
      description: "write it from the documents",
      edits: [{ file, start: 0, end: now?.length ?? 0, text: wanted }],
    });
  };
  compare(LIST_FILE, files.list, generateList(catalogue));
  const index = generateIndex(catalogue, files.index);
  if ("problem" in index) add(INDEX_FILE, index.problem);
  else compare(INDEX_FILE, files.index, index.text);
  return problems;
}

function tableOf(catalogue: Catalogue): string {
  const rows = [...catalogue.entries].sort((a, b) => byCodePoint(a.path, b.path)).map((entry) => rowOf(entry));
  return [COLUMNS, COLUMNS.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function rowOf({ path, summary, id }: CatalogueEntry): string[] {
  const link = `[${id ?? "?"}](${path.split("/").map(encodeURIComponent).join("/")})`;
  return [
    link,
    cell(summary.title),
    summary.status ?? "–",
    summary.kind ?? "–",
    `${summary.checked}/${summary.criteria}`,
    summary.dependsOn.join(", "),
  ];
}

/** Text of a title inside a table cell: nothing in it may end the cell, the row or the table's markers. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\|<[\]]/g, "\\$&");
}
