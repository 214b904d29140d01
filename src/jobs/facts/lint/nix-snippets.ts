import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { nixSnippets } from "../../../crq/lint/judge/spans.ts";
import type { SnippetProblem } from "../../../crq/lint/rule.ts";
import { type CrqDocument, readDocument } from "../../../crq/parse/document.ts";
import type { Diagnosis } from "../../../nix/diagnosis.ts";
import type { Nix } from "../../../nix/nix.ts";

/** What Nix said of `nix` fences; `unchecked` says why it was not asked. */
export type SnippetAnswers =
  | { readonly problems: ReadonlyMap<string, SnippetProblem | undefined> }
  | { readonly unchecked: string };

/** The texts of all `nix` fences of some documents, each once. */
export function snippetsOf(
  documents: Iterable<readonly [path: string, source: string]>,
  read: (path: string, source: string) => CrqDocument = readDocument,
): readonly string[] {
  const texts = new Set<string>();
  for (const [path, source] of documents) {
    // Reading a document costs more than looking for the word.
    if (!/(?:`{3}|~{3})[ \t]*nix\b/.test(source)) continue;
    for (const { text } of nixSnippets(read(path, source))) texts.add(text);
  }
  return [...texts];
}

/**
 * Parses all snippets in one process (Nix stops at a bad one, so one more for each of those). What is no expression is tried again as
 * bindings between braces, the form in which documents show a piece of a flake; of two errors the one further on is told.
 */
export async function parseSnippets(nix: Nix, snippets: readonly string[], scratch: string): Promise<SnippetAnswers> {
  const problems = new Map<string, SnippetProblem | undefined>(snippets.map((text) => [text, undefined]));
  if (snippets.length === 0) return { problems };
  const folder = await mkdtemp(join(scratch, "snippets-"));
  try {
    const asExpressions = await parseAll(nix, folder, "expression", snippets);
    if ("unchecked" in asExpressions) return asExpressions;
    const failed = snippets.filter((text) => asExpressions.failures.has(text));
    const asBindings = await parseAll(nix, folder, "bindings", failed);
    if ("unchecked" in asBindings) return asBindings;
    for (const text of failed) {
      const whole = asExpressions.failures.get(text);
      const inside = asBindings.failures.get(text);
      if (whole !== undefined && inside !== undefined) problems.set(text, isFurther(inside, whole) ? inside : whole);
    }
    return { problems };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What stands around a snippet. Under `with` Nix leaves variables alone that stand elsewhere in the file the snippet is a piece of. */
const FORMS = {
  expression: { before: "with { };\n", after: "\n" },
  bindings: { before: "with { };\n{\n", after: "\n}\n" },
} as const;

async function parseAll(
  nix: Nix,
  folder: string,
  form: keyof typeof FORMS,
  snippets: readonly string[],
): Promise<{ readonly failures: ReadonlyMap<string, SnippetProblem> } | { readonly unchecked: string }> {
  const failures = new Map<string, SnippetProblem>();
  if (snippets.length === 0) return { failures };
  const files = await Promise.all(
    snippets.map(async (text, index) => {
      const file = join(folder, `${form}-${index}.nix`);
      await writeFile(file, FORMS[form].before + text + FORMS[form].after);
      return { text, file };
    }),
  );
  const parsed = await nix.parse(files.map(({ file }) => file));
  if (parsed.ok) return { failures };
  if (parsed.why !== "failed") return { unchecked: parsed.diagnoses[0].message };
  const unplaced: Diagnosis[] = [];
  for (const diagnosis of parsed.diagnoses) {
    const bad = files.find(({ file }) => basename(file) === basename(diagnosis.position?.file ?? ""));
    if (bad === undefined) unplaced.push(diagnosis);
    else failures.set(bad.text, problemOf(diagnosis, form, bad.text));
  }
  if (unplaced.length === 0) return { failures };
  // Nix did not say which file it was (a stack overflow, for instance): each is asked for alone.
  for (const { text, file } of files) {
    if (failures.has(text)) continue;
    const alone = await nix.parse([file]);
    if (!alone.ok) failures.set(text, problemOf(alone.diagnoses[0], form, text));
  }
  return { failures };
}

/** The place in the snippet itself; what Nix misses at the end of the file is missing at the end of the snippet. */
function problemOf({ message, position }: Diagnosis, form: keyof typeof FORMS, text: string): SnippetProblem {
  if (position === undefined) return { message };
  const lines = text.split("\n");
  const line = position.line - FORMS[form].before.split("\n").length + 1;
  return line > lines.length
    ? { message, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
    : { message, line: Math.max(line, 1), column: position.column };
}

function isFurther(left: SnippetProblem, right: SnippetProblem): boolean {
  const [line, other] = [left.line ?? 0, right.line ?? 0];
  return line > other || (line === other && (left.column ?? 0) > (right.column ?? 0));
}
