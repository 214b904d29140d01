import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DocumentFact, Readme } from "../../repo/facts.ts";

/** Characters of a document that a plan may rewrite. */
const MAX_GUIDE = 256 * 1024;
const ABOUT_OUTPUTS = /^(?:flake|check|package|shell|wrong)\./;

const isAboutOutputs = ({ key, value }: DocumentFact): boolean =>
  key !== undefined && (ABOUT_OUTPUTS.test(key) || (key.startsWith("command:") && key !== `command:${value}`));

/**
 * The tracked Markdown document that says most about a flake's outputs, or shows the most wrong commands; the first of equals.
 * @param directory private copy of the repository
 */
export async function guideOf(
  facts: readonly DocumentFact[],
  directory: string,
  tracked: readonly string[],
): Promise<Readme | undefined> {
  const known = new Set(tracked);
  const counts = new Map<string, number>();
  for (const fact of facts)
    if (isAboutOutputs(fact) && known.has(fact.source) && /\.(?:md|markdown)$/i.test(fact.source))
      counts.set(fact.source, (counts.get(fact.source) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  if (best === undefined) return undefined;
  const [path] = best;
  const bytes = await readFile(join(directory, path));
  const text = bytes.toString("utf8");
  const isText = bytes.length <= MAX_GUIDE && Buffer.from(text, "utf8").equals(bytes);
  return isText ? { path, text } : { path };
}
