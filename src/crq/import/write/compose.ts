import { branchOf, slugOf } from "../../ids.ts";
import { SKELETON } from "../../lint/rules/structure/sections.ts";
import { type Metadata, SECTIONS, type SectionName } from "../../model.ts";
import { readDocument } from "../../parse/document.ts";
import { rangeOf, startOf } from "../../parse/text/markdown.ts";
import { renderMetadata } from "../../render/blocks.ts";
import { newlineOf } from "../../write/edits.ts";
import type { Family } from "../read/family.ts";
import type { Outline } from "../read/outline.ts";
import { kindOf, type Particulars, withoutPrefix } from "../read/particulars.ts";
import { bareLine } from "../round-trip.ts";
import { type Body, ORDER, sectionHeading } from "./body.ts";

/** Where a document comes from and what it is to be called. */
export interface Provenance {
  readonly id: string;
  readonly family: Family;
  readonly particulars: Particulars;
  readonly source: string;
  readonly path: string;
  readonly sha256: string;
  readonly today: string;
  readonly author: string;
  readonly base: string | undefined;
  readonly systems: readonly string[];
}

export interface Composed {
  readonly text: string;
  readonly metadata: Metadata;
  readonly sections: readonly SectionName[];
  /** Number of source lines in section 12. */
  readonly kept: number;
}

/** Writes the import: heading, metadata, sections, and in section 12 every line that is nowhere else, in one fence. */
export function compose(outline: Outline, body: Body, provenance: Provenance): Composed {
  const metadata = metadataOf(provenance);
  const heading = headingOf(outline, metadata);
  const titleLine = outline.title === undefined ? 0 : outline.lines.placeAt(startOf(outline.title)).line;
  const moved = outline.lines.textOf(titleLine).trim() === heading ? new Set([...body.moved, titleLine]) : body.moved;
  const kept = keptLines(provenance.source, outline, moved);
  const chunks: string[] = [heading, renderMetadata(metadata)];
  const sections: SectionName[] = [];
  for (const name of ORDER) {
    const blocks = name === "History" ? [...(body.sections.get(name) ?? []), [historyLine(provenance)]] : body.sections.get(name);
    if (name === "Imported Text") {
      if (kept.length === 0) continue;
      chunks.push(sectionHeading(name), fenced(kept));
    } else if (blocks?.some((lines) => lines.length > 0)) {
      chunks.push(sectionHeading(name));
      for (const lines of blocks) if (lines.length > 0) chunks.push(lines.join("\n"));
    } else if (blocks !== undefined || SECTIONS.some((wanted) => wanted === name)) {
      chunks.push(sectionHeading(name), SKELETON);
    } else continue;
    sections.push(name);
  }
  const newline = newlineOf(provenance.source) === "\r\n" ? "\r\n" : "\n";
  const text = `${chunks.join("\n\n")}\n`;
  return {
    text: newline === "\n" ? text : text.replaceAll("\n", newline),
    metadata,
    sections,
    kept: kept.filter((line) => bareLine(line) !== "").length,
  };
}

/** A proposal needs a branch, and a branch a number: without one the document stays a draft. */
function metadataOf({ id, family, particulars, path, sha256, today, author, base, systems, source }: Provenance): Metadata {
  const { title, created, dependsOn, related } = particulars;
  const numbered = id !== "CRQ-XXX";
  const kind = kindOf(particulars, family, source, base !== undefined);
  const status = particulars.status === "proposed" && !numbered ? "draft" : particulars.status;
  const statusWord = particulars.statusWord ?? (status === particulars.status ? undefined : particulars.status);
  const others = (ids: readonly string[]) => ids.filter((other) => other !== id);
  return {
    schema: "crq/1",
    id,
    title,
    status,
    kind,
    created: created ?? today,
    authors: [particulars.author === undefined ? author : `human:${particulars.author}`],
    ...(numbered && status !== "draft" && { branch: branchOf(id, slugOf(title)) }),
    ...(base !== undefined &&
      ["nixify", "lattice", "steps", "fix"].includes(kind) && { target: { repo: ".", base, systems: [...systems] } }),
    ...(others(dependsOn).length > 0 && { dependsOn: others(dependsOn) }),
    ...(others(related).length > 0 && { related: others(related) }),
    waivers: [],
    imported: { path, sha256, family, ...(statusWord !== undefined && { statusWord }) },
  };
}

/** The title as the source writes it (with its code spans), when it reads as the title of the metadata; else with its marks escaped. */
function headingOf({ title, lines }: Outline, metadata: Metadata): string {
  const [first] = title?.children ?? [];
  const last = title?.children.at(-1);
  const raw = first === undefined || last === undefined ? "" : lines.source.slice(rangeOf(first).start, rangeOf(last).end);
  const start = withoutPrefix(raw);
  for (const text of [start, metadata.title]) {
    const heading = `# ${metadata.id}: ${text}`;
    if (!/[\r\n]/.test(text) && readDocument("", heading).crq.title?.text === metadata.title) return heading;
  }
  return `# ${metadata.id}: ${metadata.title.replace(/[!-/:-@[-`{-~]/g, "\\$&")}`;
}

function historyLine({ today, path, particulars }: Provenance): string {
  const from = /^[\w@+./ -]{1,200}$/.test(path) ? ` from \`${path}\`` : "";
  const claim = particulars.statusWord === undefined ? "" : `; what the source claims of its state is kept as \`status-word\``;
  return `-   ${today}: imported${from}${claim}.`;
}

/** Lines of the source that stand in no section, in order; a blank one between two that were neighbours stays. */
function keptLines(source: string, { lines }: Outline, moved: ReadonlySet<number>): string[] {
  const kept: string[] = [];
  let gap = false;
  for (let line = 1; line <= lines.count; line += 1) {
    const { start, end } = lines.rangeOf(line);
    const text = source.slice(start, end);
    if (text.trim() === "") {
      gap ||= kept.length > 0;
    } else if (moved.has(line)) {
      gap = false;
    } else {
      if (gap) kept.push("");
      kept.push(text);
      gap = false;
    }
  }
  return kept;
}

/** One `text` fence, longer than any run of backticks inside. */
function fenced(lines: readonly string[]): string {
  let longest = 2;
  for (const line of lines) for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const marks = "`".repeat(longest + 1);
  return [`${marks}text`, ...lines, marks].join("\n");
}
