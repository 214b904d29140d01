import { type ImportResult, importDocument } from "../../src/crq/import/import.ts";
import { lint } from "../../src/crq/lint/lint.ts";
import { PROFILES } from "../../src/crq/lint/rule.ts";
import { parseCrq } from "../../src/crq/parse.ts";
import { isInside } from "./hostile-text.ts";
import { BASE_INPUT } from "./import/input.ts";
import { CONTEXT } from "./lint/context.ts";

/** Findings of the parser, and of the linter in all profiles, that point outside the document or say nothing. */
export function readingFaults(source: string): unknown[] {
  return [
    ...parseCrq("crqs/x.md", source).problems,
    ...PROFILES.flatMap((profile) => lint("crqs/x.md", source, profile, { ...CONTEXT })),
  ].filter((finding) => !isInside(source, finding) || finding.message === "");
}

export const importText = (source: string): ImportResult => importDocument({ ...BASE_INPUT, source, path: "old/x.md" });

/** The definition of the format, word for word and slowly: n(line), and the lines that contain it. */
function lost(source: string, imported: string): string[] {
  const bare = (line: string): string => {
    let text = line.trim();
    while (text.startsWith(">")) text = text.slice(1).trim();
    text = text.replace(/^(?:[-*+]|\d+[.)])(?:\s+|$)/, "");
    return text.replace(/^#{1,6}(?:\s+|$)/, "").trim();
  };
  const lines = (text: string): string[] => text.split(/\r\n|\n|\r/);
  const have = lines(imported);
  const wanted = Map.groupBy(lines(source).map(bare), (line) => line);
  wanted.delete("");
  return [...wanted].flatMap(([text, same]) => (have.filter((line) => line.includes(text)).length >= same.length ? [] : [text]));
}

/** All that must hold of an import, whatever the source. */
export function importFaults(source: string): unknown[] {
  const result = importText(source);
  const found: unknown[] = result.diagnostics.filter((finding) => !isInside(source, finding));
  if (result.kind === "refused")
    return result.diagnostics.some(({ severity }) => severity === "error") ? found : ["refused without a word"];
  if (result.kind === "copied") return result.text === source ? found : ["a copy differs"];
  const crq = parseCrq("crqs/x.md", result.text);
  found.push(...lost(source, result.text).map((line) => `lost: ${line}`), ...crq.problems);
  found.push(...lint(`crqs/${result.fileName}`, result.text, "import").filter(({ severity }) => severity === "error"));
  const { metadata } = crq;
  if (metadata === undefined || ["approved", "closed"].includes(metadata.status)) found.push(metadata);
  if (metadata?.approval ?? metadata?.evidence ?? metadata?.waivers[0]) found.push(metadata);
  found.push(...crq.criteria.filter(({ checks }) => checks.length === 0 || checks.some(({ suggested }) => !suggested)));
  if (crq.facts.length > 0) found.push(crq.facts);
  if (importText(result.text).kind !== "copied") found.push("an import is not a document of the format");
  return found;
}
