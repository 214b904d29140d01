import { isDeepStrictEqual } from "node:util";
import { isSameId } from "../catalogue/catalogue.ts";
import { isFacts, isMetadata, type Span, spansOf } from "../lint/judge/spans.ts";
import type { Metadata } from "../model.ts";
import { type CrqDocument, readDocument } from "../parse/document.ts";
import { rangeOf } from "../parse/text/markdown.ts";
import { applyEdits, type Edit, type Written } from "../write/edits.ts";
import { type MetadataChange, setMetadata } from "../write/metadata.ts";
import { type Renaming, replaced, replacementsIn } from "./renaming.ts";

/**
 * A Markdown text in which a document has its new id, name and branch. History says what was, facts quote their sources letter by letter,
 * imported text is kept as it came: none of them changes. The result is read back; what changed more than the names is a `problem`.
 * @param own it is the document itself that is renumbered
 */
export function renumberText(path: string, source: string, renaming: Renaming, own: boolean): Written {
  const document = readDocument(path, source);
  if (own && document.crq.metadata === undefined && document.crq.metadataRange !== undefined) return changedTooMuch(path);
  const inText = spansOf(document)
    .filter(isEdited)
    .flatMap((span) => editsOf(span, renaming, own));
  const edits = [...inText, ...(own ? headingEdits(document, renaming, inText) : [])];
  const edited = applyEdits(source, edits);
  const { metadata } = document.crq;
  const after = readDocument(path, edited).crq;
  if (metadata === undefined) return isSameShape(document.crq, after) ? { source: edited } : changedTooMuch(path);
  const change = metadataChange(metadata, renaming, own);
  const written = Object.keys(change).length === 0 ? { source: edited } : setMetadata(after, change);
  if ("problem" in written) return written;
  const now = readDocument(path, written.source).crq;
  const isRight = isSameShape(document.crq, now) && isDeepStrictEqual(now.metadata, { ...metadata, ...change });
  return isRight ? written : changedTooMuch(path);
}

const changedTooMuch = (path: string): Written => ({
  problem: `${path}: could not be renumbered without changing more than the id; mend what \`crq-agent lint\` finds in it first`,
});

/** Facts hold literal quotes of their sources. */
function isEdited(span: Span): boolean {
  return span.section !== "History" && !isFacts(span) && !isMetadata(span);
}

function editsOf(span: Span, renaming: Renaming, own: boolean): Edit[] {
  return replacementsIn(span.text, renaming, own).map(({ start, end, text }) => ({
    start: span.start + start,
    end: span.start + end,
    text,
  }));
}

/** An H1 that writes the id in another form (`CRQ 42`, `crq_001`), or has none. */
function headingEdits({ h1, crq }: CrqDocument, { newId }: Renaming, others: readonly Edit[]): Edit[] {
  if (h1 === undefined) return [];
  const { start, end } = rangeOf(h1);
  if (crq.title?.id === undefined) {
    const [first] = h1.children;
    const at = first === undefined ? end : rangeOf(first).start;
    return [{ start: at, end: at, text: `${newId}: ` }];
  }
  const id = /CRQ[-_ ]?(?:\d{1,7}|X{3,})(?!\w)\s*[:.–—-]?\s*/i.exec(crq.source.slice(start, end));
  const at = start + (id?.index ?? 0);
  return id === null || others.some((edit) => edit.start === at)
    ? []
    : [{ start: at, end: at + id[0].length, text: `${newId}: ` }];
}

/** Keys of the block that name the document: its own, or relations of another. */
function metadataChange(metadata: Metadata, renaming: Renaming, own: boolean): MetadataChange {
  const { oldId, newId, branch, isUnique } = renaming;
  const mapped = (ids: readonly string[] | undefined): readonly string[] | undefined =>
    isUnique && oldId !== undefined && ids?.some((id) => isSameId(id, oldId))
      ? ids.map((id) => (isSameId(id, oldId) ? newId : id))
      : undefined;
  const title = replaced(metadata.title, renaming, own);
  const [dependsOn, related, supersedes, supersededBy] = [
    mapped(metadata.dependsOn),
    mapped(metadata.related),
    mapped(metadata.supersedes),
    mapped(metadata.supersededBy),
  ];
  return {
    ...(own && { id: newId }),
    ...(title !== metadata.title && { title }),
    ...(own && branch && { branch: branch.now }),
    ...(dependsOn && { dependsOn }),
    ...(related && { related }),
    ...(supersedes && { supersedes }),
    ...(supersededBy && { supersededBy }),
    ...(own &&
      metadata.evidence && { evidence: { ...metadata.evidence, report: replaced(metadata.evidence.report, renaming, own) } }),
  };
}

/** Sections, criteria, steps and questions are the same ones, and nothing that was right went wrong. */
function isSameShape(before: CrqDocument["crq"], after: CrqDocument["crq"]): boolean {
  const shape = ({ sections, criteria, steps, questions, facts }: CrqDocument["crq"]) => ({
    sections: sections.map(({ name, number }) => [name, number]),
    criteria: criteria.map(({ id, checks, withdrawn }) => [id, checks.length, withdrawn === undefined]),
    steps: steps.map(({ number, criteria: ids }) => [number, ids]),
    questions: questions.map(({ id, answer }) => [id, answer === undefined]),
    facts,
  });
  return isDeepStrictEqual(shape(before), shape(after)) && after.problems.length <= before.problems.length;
}
