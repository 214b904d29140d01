import { isDeepStrictEqual } from "node:util";
import type { Crq, Waiver } from "../model.ts";
import { readDocument } from "../parse/document.ts";
import { parseCrq } from "../parse.ts";
import { renderWaivers } from "../render/blocks.ts";
import { keyPositions } from "../toml/keys.ts";
import { applyEdits, newlineOf, type Written } from "./edits.ts";

/** Adds waivers at the end of the metadata block; nothing else changes, and the result is read back. */
export function addWaivers(crq: Crq, waivers: readonly Waiver[]): Written {
  if (waivers.length === 0) return { source: crq.source };
  const block = readDocument(crq.path, crq.source).metadataBlock;
  if (crq.metadata === undefined || block === undefined) return unwritable(crq);
  const lines = readDocument(crq.path, crq.source).lines;
  const last = block.place.line + (block.node.value === "" ? 0 : block.node.value.split(/\r\n|\n|\r/).length);
  const at = lines.afterOf(last);
  const newline = newlineOf(crq.source.slice(block.range.start));
  const indent = " ".repeat(block.place.column - 1);
  const text = renderWaivers(waivers)
    .map((line) => `${indent}${line}${newline}`)
    .join("");
  return readBack(crq, applyEdits(crq.source, [{ start: at, end: at, text }]), [...crq.metadata.waivers, ...waivers]);
}

/**
 * Makes proposed waivers those of a person, who has read them.
 * @param by `human:NAME`
 */
export function adoptWaivers(crq: Crq, by: string): Written {
  const document = readDocument(crq.path, crq.source);
  const block = document.metadataBlock;
  if (crq.metadata === undefined || block === undefined) return unwritable(crq);
  const wanted = crq.metadata.waivers.map((waiver) => (isProposed(waiver) ? { ...waiver, by } : waiver));
  if (isDeepStrictEqual(wanted, crq.metadata.waivers)) return { source: crq.source };
  const edits = keyPositions(block.node.value).flatMap(({ path, statement }) => {
    const [table, index, key] = path;
    const waiver = table === "waiver" && key === "by" && typeof index === "number" ? crq.metadata?.waivers[index] : undefined;
    if (waiver === undefined || !isProposed(waiver)) return [];
    const start = document.lines.startOf(block.place.line + 1 + statement.first);
    const end = document.lines.afterOf(block.place.line + 1 + statement.last);
    const old = JSON.stringify(waiver.by);
    const at = crq.source.slice(start, end).indexOf(old);
    return at < 0 ? [] : [{ start: start + at, end: start + at + old.length, text: JSON.stringify(by) }];
  });
  return readBack(crq, applyEdits(crq.source, edits), wanted);
}

/** A waiver that a drafter wrote down for the person who approves. */
export const isProposed = ({ by }: Waiver): boolean => by.startsWith("agent:");

function readBack(crq: Crq, source: string, wanted: readonly Waiver[]): Written {
  const after = parseCrq(crq.path, source);
  const rest = crq.metadata && { ...crq.metadata, waivers: wanted };
  return isDeepStrictEqual(after.metadata, rest) ? { source } : unwritable(crq);
}

const unwritable = (crq: Crq): Written => ({
  problem: `${crq.path}: the waivers of the metadata block could not be written; set the \`[[waiver]]\` entries by hand`,
});
