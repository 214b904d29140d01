import type { Range } from "../model.ts";
import { METADATA_KEYS } from "../parse/blocks/metadata.ts";
import type { CrqDocument } from "../parse/document.ts";
import { type KeyPosition, keyPositions } from "../toml/keys.ts";
import { statementParts } from "../toml/statement.ts";
import { type Edit, newlineOf } from "./edits.ts";

/**
 * Edits that set one key of the metadata block, or remove it when `value` is undefined. Only the statements of that key change; a
 * comment behind the value stays.
 * @param value as TOML
 */
export function keyEdits({ crq, lines, metadataBlock: block }: CrqDocument, name: string, value: string | undefined): Edit[] {
  if (block?.data === undefined) return [];
  const positions = keyPositions(block.node.value);
  const own = positions.filter((position) => position.path[0] === name);
  const firstLine = block.place.line + 1;
  const indent = " ".repeat(block.place.column - 1);
  const wholeLines = ({ first, last }: { first: number; last: number }): Range => ({
    start: lines.startOf(firstLine + first),
    end: lines.afterOf(firstLine + last),
  });

  const [only, ...others] = statementsOf(own);
  if (only !== undefined && others.length === 0 && !only.isHeader && value !== undefined) {
    const { start, end } = wholeLines(only);
    const { code } = statementParts(crq.source.slice(start, end));
    return [{ start, end: start + code.length, text: `${indent}${name} = ${value}` }];
  }
  const edits: Edit[] = statementsOf(own).map((statement) => ({ ...wholeLines(statement), text: "" }));
  if (value !== undefined) {
    const at = lines.startOf(firstLine + lineFor(name, positions, block.node.value));
    edits.push({ start: at, end: at, text: `${indent}${name} = ${value}${newlineOf(crq.source.slice(block.range.start))}` });
  }
  return edits;
}

/** Line of the block before which a new key goes: after the key that precedes it in the format's order, always before the first table. */
function lineFor(name: string, positions: readonly KeyPosition[], toml: string): number {
  const end =
    positions.find(({ statement }) => statement.isHeader)?.statement.first ?? (toml === "" ? 0 : toml.split(/\r\n|\n|\r/).length);
  for (const earlier of METADATA_KEYS.slice(0, METADATA_KEYS.indexOf(name)).toReversed()) {
    const anchor = positions.findLast(
      ({ path, statement }) => path[0] === earlier && !statement.isHeader && statement.last < end,
    );
    if (anchor !== undefined) return anchor.statement.last + 1;
  }
  return end;
}

function statementsOf(positions: readonly KeyPosition[]): KeyPosition["statement"][] {
  return [...new Map(positions.map(({ statement }) => [statement.first, statement])).values()];
}
