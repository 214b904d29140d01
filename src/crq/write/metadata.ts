import { isDeepStrictEqual } from "node:util";
import type { Crq, Metadata, Range } from "../model.ts";
import { readDocument } from "../parse/document.ts";
import { METADATA_KEYS } from "../parse/metadata.ts";
import { parseCrq } from "../parse.ts";
import { metadataEntries } from "../render/blocks.ts";
import { keyPositions } from "../toml/keys.ts";
import { statementParts } from "../toml/statement.ts";
import { applyEdits, type Edit, newlineOf, type Written } from "./edits.ts";

/** Keys of the metadata block to set; `null` removes the key. */
export type MetadataChange = {
  readonly [Key in "id" | "title" | "status" | "branch" | "approval" | "evidence" | "supersedes" | "supersededBy" | "target"]?:
    | Metadata[Key]
    | null;
};

const FILE_KEYS: Readonly<Record<keyof MetadataChange, string>> = {
  id: "id",
  title: "title",
  status: "status",
  branch: "branch",
  approval: "approval",
  evidence: "evidence",
  supersedes: "supersedes",
  supersededBy: "superseded-by",
  target: "target",
};
const KEYS: readonly (keyof MetadataChange)[] = [
  "id",
  "title",
  "status",
  "target",
  "branch",
  "supersedes",
  "supersededBy",
  "approval",
  "evidence",
];

/**
 * Sets keys of the metadata block. Only the statements of those keys change; comments, order, line endings and everything else stay as
 * they are. The result is read back: a change that did not take is a `problem`, never a damaged file.
 */
export function setMetadata(crq: Crq, change: MetadataChange): Written {
  const { metadata } = crq;
  const { metadataBlock: block, lines } = readDocument(crq.path, crq.source);
  if (metadata === undefined || block === undefined)
    return { problem: `${crq.path}: there is no valid metadata block to edit; run \`crq-agent lint\`` };

  const keys = KEYS.filter((key) => change[key] !== undefined);
  const removed = keys.filter((key) => change[key] === null);
  const wanted: Partial<Metadata> = Object.fromEntries(
    Object.entries({ ...metadata, ...given(change) }).filter(([key]) => !removed.some((name) => name === key)),
  );
  const values = new Map(metadataEntries(given(change)));
  const positions = keyPositions(block.node.value);
  const newline = newlineOf(crq.source.slice(block.range.start));
  const indent = " ".repeat(block.place.column - 1);
  const firstLine = block.place.line + 1;
  const wholeLines = (first: number, last: number): Range => ({
    start: lines.startOf(firstLine + first),
    end: lines.afterOf(firstLine + last),
  });
  const content = block.node.value.split(/\r\n|\n|\r/);
  const firstHeader =
    positions.find((position) => position.statement.isHeader)?.statement.first ?? (block.node.value === "" ? 0 : content.length);

  const edits: Edit[] = [];
  for (const key of keys) {
    const name = FILE_KEYS[key];
    const value = values.get(name);
    const own = positions.filter((position) => position.path[0] === name);
    const [first] = own;
    if (
      first !== undefined &&
      value !== undefined &&
      own.every(({ statement }) => !statement.isHeader && statement.first === first.statement.first)
    ) {
      const range = wholeLines(first.statement.first, first.statement.last);
      const { code } = statementParts(crq.source.slice(range.start, range.end));
      edits.push({ start: range.start, end: range.start + code.length, text: `${indent}${name} = ${value}` });
      continue;
    }
    for (const { first: from, last } of statementRanges(own)) edits.push({ ...wholeLines(from, last), text: "" });
    if (value === undefined) continue;
    const before = METADATA_KEYS.slice(0, METADATA_KEYS.indexOf(name)).toReversed();
    const anchor = before
      .map((earlier) =>
        positions.findLast(({ path, statement }) => path[0] === earlier && !statement.isHeader && path.length === 1),
      )
      .find((position) => position !== undefined && position.statement.last < firstHeader);
    const at = lines.startOf(firstLine + (anchor === undefined ? firstHeader : anchor.statement.last + 1));
    edits.push({ start: at, end: at, text: `${indent}${name} = ${value}${newline}` });
  }

  const source = applyEdits(crq.source, edits);
  const after = parseCrq(crq.path, source).metadata;
  return isDeepStrictEqual(after, wanted)
    ? { source }
    : { problem: `${crq.path}:${block.place.line}: the metadata block could not be edited; set the keys by hand` };
}

/** The change without the keys it removes. */
function given(change: MetadataChange): Partial<Metadata> {
  const { id, title, status, branch, approval, evidence, supersedes, supersededBy, target } = change;
  return {
    ...(id && { id }),
    ...(title && { title }),
    ...(status && { status }),
    ...(branch && { branch }),
    ...(approval && { approval }),
    ...(evidence && { evidence }),
    ...(supersedes && { supersedes }),
    ...(supersededBy && { supersededBy }),
    ...(target && { target }),
  };
}

function statementRanges(positions: ReturnType<typeof keyPositions>): { first: number; last: number }[] {
  const unique = new Map(positions.map(({ statement }) => [statement.first, statement]));
  return [...unique.values()];
}
