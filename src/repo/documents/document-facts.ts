import type { DocumentFact } from "../facts.ts";
import { type DocumentLine, documentLines, quoteOf } from "./document-lines.ts";
import { flakeOutputs } from "./flake-outputs.ts";
import { namedOutputs } from "./named-outputs.ts";
import { type DocumentBudget, type ReadDocument, readDocuments } from "./read-documents.ts";
import type { Statement } from "./statement.ts";
import { statementsOf } from "./statements.ts";

/**
 * Facts from documents: what they state, with a literal quote, its line and the document's hash. Documents are data: nothing in them is
 * followed, and only the closed set of statements is read out of them.
 */

/** Facts kept in all; the rest is reported. */
const MAX_FACTS = 400;
/** Characters of a line that are looked at: nobody writes a rule behind them, and each kind of statement is looked for in every line anew. */
const MAX_LINE = 2_000;

type Unnumbered = Omit<DocumentFact, "id">;

export interface DocumentFacts {
  readonly facts: readonly DocumentFact[];
  /** Documents and facts that were left out, each with its reason. */
  readonly leftOut: readonly string[];
}

/** @param paths documents and folders of documents; `root` is the repository's folder */
export async function documentFacts(
  paths: readonly string[],
  options: { readonly root: string; readonly budget?: DocumentBudget },
): Promise<DocumentFacts> {
  const { documents, leftOut } = await readDocuments(paths, options.root, options.budget);
  const all = documents.flatMap(factsOf);
  const kept = all.slice(0, MAX_FACTS).map((fact, index) => ({ id: `F-${index + 1}`, ...fact }));
  const more = all.length - kept.length;
  return { facts: kept, leftOut: more > 0 ? [...leftOut, `${more} facts beyond the first ${MAX_FACTS}`] : leftOut };
}

/** Facts of one document: each key and value once, at its first line; of the builders only the one it names most. */
export function factsOf(document: ReadDocument): readonly Unnumbered[] {
  const lines = documentLines(document.text).map((line) => ({ ...line, text: line.text.slice(0, MAX_LINE) }));
  const factOf = (line: DocumentLine, text: string, { claim, at, key, value }: Statement): Unnumbered => ({
    claim,
    source: document.source,
    line: line.number,
    sha256: document.sha256,
    quote: quoteOf(text, at),
    key,
    value,
  });
  const found = [
    ...lines.flatMap((line, index) => statementsOf(line, lines[index + 1]).map((said) => factOf(line, said.text, said))),
    ...flakeOutputs(lines).map((said) => factOf(said.line, said.line.text, said)),
    ...(/\b(?:nix|flakes?)\b/i.test(document.text)
      ? lines.flatMap((line) => namedOutputs(line).map((said) => factOf(line, line.text, said)))
      : []),
  ];
  const builder = mostNamed(found.flatMap((fact) => (fact.key === "builder" ? (fact.value ?? []) : [])));
  const seen = new Set<string>();
  return found.filter((fact) => {
    if (fact.key === "builder" && fact.value !== builder) return false;
    const identity = `${fact.key}\0${fact.value}`;
    if (seen.has(identity) || fact.quote === "") return false;
    seen.add(identity);
    return true;
  });
}

/** The value that occurs most often, the first of equals. */
function mostNamed(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
