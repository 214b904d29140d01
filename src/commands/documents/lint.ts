import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import { readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { explainRule, findRule } from "../../crq/lint/explain.ts";
import { applyFixes, type Fixed } from "../../crq/lint/fix.ts";
import { coverageOf } from "../../crq/lint/folder/coverage.ts";
import { type Files, folderLinter } from "../../crq/lint/folder/folder.ts";
import { toSarif } from "../../crq/lint/formats/sarif.ts";
import { formatText, summary } from "../../crq/lint/formats/text.ts";
import type { Profile } from "../../crq/lint/rule.ts";
import { type CrqDocument, readDocument } from "../../crq/parse/document.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { absolutePlaces, documentFolders } from "../catalogue/document-folders.ts";
import { lintFacts } from "../catalogue/lint-facts.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { readArguments, STDIN } from "./lint/lint-arguments.ts";
import { findInLists, mendLists, writeFixes } from "./lint/write-fixes.ts";

interface LintOptions extends OutputOptions {
  readonly repo: string;
  readonly profile: Profile;
  readonly failOn: "error" | "warning";
  readonly format: "text" | "json" | "sarif";
  readonly fix?: boolean;
  readonly explain?: string;
  readonly docs?: readonly string[];
}

/** `crq-agent lint [FILE…]`. `--format json` is `--json` by another name. */
export const lint: Verb<[readonly string[], LintOptions]> = async (context, ui, given, options) => {
  if (options.json && options.format === "sarif")
    throw new CommandError("option-conflict", "--json and --format sarif are two documents for one stdout; give one of them");
  if (options.explain !== undefined) {
    const rule = findRule(options.explain);
    if (typeof rule === "string") throw new CommandError("unknown-rule", rule);
    const { name, about, explain, levels, examples, fixes = false } = rule;
    const data = { rule: name, about, explain, levels, fixes, ...(examples && { examples }) };
    ui.result({
      text: explainRule(rule),
      json: { schema: "crq-agent/lint/1", ok: true, exit: 0, data, diagnostics: [] },
    });
    return 0;
  }
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const documents = new Map<string, CrqDocument>();
  const read = (path: string, source: string): CrqDocument => {
    const known = documents.get(path);
    if (known?.crq.source === source) return known;
    const document = readDocument(path, source);
    documents.set(path, document);
    return document;
  };
  const parse = (path: string, source: string) => read(path, source).crq;
  if (given.length === 0 && (await stat(join(root, config.crqs)).catch(() => undefined)) === undefined)
    throw new CommandError(
      "no-crq-folder",
      `${root} has no folder ${config.crqs}/; \`crq-agent init\` makes it, or name the files to lint`,
    );
  const catalogue = await readCatalogue(root, config.crqs, undefined, parse);
  const { stdin } = context.streams;
  const found = await readArguments(given, { root, cwd: context.cwd, catalogue, parse, stdin });
  if (options.fix && found.texts.has(STDIN))
    throw new CommandError("option-conflict", "--fix needs a file: a text from stdin cannot be written back");

  const imported = config.lint.import.length > 0 ? picomatch([...config.lint.import], { dot: true }) : () => false;
  const profileOf = (path: string): Profile => (imported(path) ? "import" : options.profile);
  const facts = await lintFacts(context, {
    root,
    config,
    catalogue,
    texts: found.texts,
    read,
    docs: absolutePlaces(root, documentFolders(context, root, options.docs, config.docs)),
  });
  const { known } = facts;
  for (const note of facts.notes) ui.say(`Note: ${note}`);
  const why = { ...facts.why, ...(found.texts.has(STDIN) && { "id/file-name": "a text from stdin has no name" }) };
  const lintFolder = folderLinter({ context: known, profileOf, read });
  const lintAll: typeof lintFolder = (files, renames) =>
    lintFolder(files, renames).filter(({ file, rule }) => file !== STDIN || rule !== "id/file-name");

  const wrong = [...found.wrong];
  let files: Files = found.texts;
  let diagnostics = lintAll(files);
  const lists = { root, folder: config.crqs, catalogue };
  let listFindings = found.whole ? await findInLists(lists, options.profile) : [];
  const fixes: Fixed["applied"][number][] = [];
  if (options.fix) {
    const stale = await findInLists(lists, "strict");
    const written = await writeFixes(root, files, applyFixes(files, lintAll));
    wrong.push(...written.refused);
    fixes.push(...written.fixes);
    files = written.files;
    diagnostics = lintAll(files, written.renames);
    // A title or a name that was mended stands in the lists too: those that were in step stay so.
    if (found.whole ? stale.length + fixes.length > 0 : stale.length === 0 && fixes.length > 0) {
      const mended = await mendLists(lists);
      wrong.push(...mended.refused);
      fixes.push(...mended.fixes);
      if (found.whole) listFindings = await findInLists({ ...lists, catalogue: mended.catalogue }, options.profile);
    }
    for (const { file, rule, description } of fixes) ui.say(`${file}: fixed ${rule}: ${description}`);
  }
  diagnostics = [...found.unreadable, ...diagnostics, ...listFindings];
  const counts = diagnostics.some(
    ({ severity }) => severity === "error" || (options.failOn === "warning" && severity === "warning"),
  );
  const exit = wrong.length > 0 ? 2 : counts ? 1 : 0;
  for (const { file, message } of wrong) ui.warn(`crq-agent: ${file}: ${message}`);
  const coverage = coverageOf(files.size, profilesOf(files, profileOf, options.profile), known, why);
  ui.result({
    text:
      options.format === "sarif"
        ? JSON.stringify(
            toSarif({ diagnostics, version: context.version, profile: options.profile, sources: files, coverage }),
            undefined,
            1,
          )
        : formatText(diagnostics, options.quiet ? undefined : coverage),
    json: {
      schema: "crq-agent/lint/1",
      ok: exit === 0,
      exit,
      data: {
        files: [...files.keys()].map((path) => ({ path, profile: profileOf(path) })),
        rules: coverage.rules,
        unchecked: coverage.unchecked,
        summary: summary(diagnostics),
        fixed: fixes,
      },
      diagnostics: [...wrong, ...diagnostics],
    },
  });
  return exit;
};

const profilesOf = (files: Files, profileOf: (path: string) => Profile, fallback: Profile): readonly Profile[] =>
  files.size === 0 ? [fallback] : [...new Set([...files.keys()].map(profileOf))];
