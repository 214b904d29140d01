import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { type Check, type checkSchema, checkSchemas } from "../checks.ts";
import type { Approval, Fact, Metadata, Waiver } from "../model.ts";
import { tomlLine, tomlValue } from "./toml.ts";

/** A check as a writer gives it: parameters with a default may be left out. */
export type CheckInput = z.input<typeof checkSchema>;

/** Keys every kind has; they are written after the kind's own. */
const COMMON = ["timeout", "systems", "network", "regression", "suggested"];

/** The ` ```toml crq ` block of a document, fences included, no final line ending. Dates in `metadata` are ISO strings. */
export function renderMetadata(metadata: Metadata): string {
  const lines = metadataEntries(metadata).map(([key, text]) => `${key} = ${text}`);
  return fence("toml crq", [...lines, ...renderWaivers(metadata.waivers)].join("\n"));
}

/** The `[[waiver]]` entries of the block, line by line. */
export const renderWaivers = (waivers: readonly Waiver[]): readonly string[] =>
  waivers.flatMap((waiver) => [
    "[[waiver]]",
    ...Object.entries(waiver).map(([key, value]) => (key === "until" ? `until = ${value}` : tomlLine(key, value))),
  ]);

/** The keys of the metadata block in their order, each with its value as TOML; waivers excluded. */
export function metadataEntries(metadata: Partial<Metadata>): [key: string, value: string][] {
  const value = (given: unknown) => (given === undefined ? undefined : tomlValue(given));
  const entries: [string, string | undefined][] = [
    ["schema", value(metadata.schema)],
    ["id", value(metadata.id)],
    ["title", value(metadata.title)],
    ["status", value(metadata.status)],
    ["kind", value(metadata.kind)],
    ["created", metadata.created],
    ["authors", value(metadata.authors)],
    ["branch", value(metadata.branch)],
    ["target", value(metadata.target)],
    ["depends-on", value(metadata.dependsOn)],
    ["related", value(metadata.related)],
    ["supersedes", value(metadata.supersedes)],
    ["superseded-by", value(metadata.supersededBy)],
    ["approval", metadata.approval === undefined ? undefined : approvalValue(metadata.approval)],
    ["evidence", value(metadata.evidence)],
    ["imported", metadata.imported === undefined ? undefined : value(importedTable(metadata.imported))],
  ];
  return entries.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]));
}

function approvalValue(approval: Approval): string {
  const { by, at, via, hash } = approval;
  return `{ ${[tomlLine("by", by), tomlLine("at", at), tomlLine("via", via), tomlLine("hash", hash)].join(", ")} }`;
}

function importedTable(imported: NonNullable<Metadata["imported"]>) {
  const { path, sha256, family, statusWord } = imported;
  return { path, sha256, family, "status-word": statusWord };
}

/**
 * A ` ```toml check AC-n ` block: one check at top level, several as `[[check]]` entries. Parameters that equal their default are left out.
 * @param indent columns of the list item the block stands in (4 after `-   `)
 */
export function renderCheckBlock(
  id: string,
  checks: readonly (Check | CheckInput)[],
  need: "all" | "any" = "all",
  indent = 4,
): string {
  const [only] = checks;
  const lines =
    only !== undefined && checks.length === 1
      ? checkLines(only)
      : [...(need === "any" ? [`need = "any"`] : []), ...checks.flatMap((check) => ["[[check]]", ...checkLines(check)])];
  return indented(fence(`toml check ${id}`, lines.join("\n")), indent);
}

function checkLines(check: Check | CheckInput): string[] {
  const order = Object.keys(checkSchemas[check.kind].shape);
  const keys = [...order.filter((key) => !COMMON.includes(key)), ...COMMON];
  const parameters = withoutDefaults(check);
  return keys.flatMap((key) => (parameters[key] === undefined ? [] : [tomlLine(key, parameters[key])]));
}

/** A check without the parameters, also those of its `run`, that could be left out without a change of meaning. */
function withoutDefaults(check: Check | CheckInput): Record<string, unknown> {
  const schema = checkSchemas[check.kind];
  const whole = schema.safeParse(check);
  const same = (candidate: Record<string, unknown>) => {
    const parsed = schema.safeParse(candidate);
    return whole.success && parsed.success && isDeepStrictEqual(parsed.data, whole.data);
  };
  let kept: Record<string, unknown> = { ...check };
  for (const [key, value] of Object.entries(check)) {
    if (same(without(kept, key))) {
      kept = without(kept, key);
    } else if (isTable(value)) {
      for (const inner of Object.keys(value)) {
        const table = kept[key];
        const shorter = isTable(table) ? { ...kept, [key]: without(table, inner) } : kept;
        if (same(shorter)) kept = shorter;
      }
    }
  }
  return kept;
}

function without(table: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== key));
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A ` ```toml facts ` block. */
export function renderFacts(facts: readonly Fact[], indent = 4): string {
  const lines = facts.flatMap((fact) => [
    "[[fact]]",
    tomlLine("id", fact.id),
    tomlLine("claim", fact.claim),
    tomlLine("source", fact.source),
    tomlLine("sha256", fact.sha256),
    tomlLine("quote", fact.quote),
    ...(fact.key === undefined ? [] : [tomlLine("key", fact.key)]),
    ...(fact.value === undefined ? [] : [tomlLine("value", fact.value)]),
    tomlLine("used-in", fact.usedIn),
  ]);
  return indented(fence("toml facts", lines.join("\n")), indent);
}

/** A fence longer than any run of backticks inside it. */
function fence(info: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${info}\n${content}\n${marks}`;
}

function indented(text: string, indent: number): string {
  const blanks = " ".repeat(indent);
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : blanks + line))
    .join("\n");
}
