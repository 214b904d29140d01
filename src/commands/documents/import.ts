import { relative, resolve, sep } from "node:path";
import { plainText } from "../../agent/plain-text.ts";
import { readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { headCommit } from "../../jobs/facts/commits.ts";
import { readOtherRefs } from "../../jobs/facts/numbers/other-refs.ts";
import { type FileOutcome, type ImportReport, importFiles } from "../../jobs/import.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { requireLists, showFindings, writeLists } from "../catalogue/lists.ts";
import type { OutputOptions, Verb } from "../wiring/context.ts";
import { today } from "../wiring/today.ts";
import { inRealFolder, withoutLinks } from "../wiring/without-links.ts";

interface ImportOptions extends OutputOptions {
  readonly repo: string;
  readonly out?: string;
  readonly dryRun?: boolean;
}

/** Enough of a commit to name it in any repository, as `git` itself abbreviates in large ones. */
const BASE_DIGITS = 12;

/** `crq-agent import FILE…`. */
export const importVerb: Verb<[readonly string[], ImportOptions]> = async (context, ui, given, options) => {
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const crqFolder = await withoutLinks(resolve(root, config.crqs));
  const out = options.out === undefined ? crqFolder : await withoutLinks(resolve(context.cwd, options.out));
  const dryRun = options.dryRun ?? false;
  const inFolder = out === crqFolder || out.startsWith(crqFolder + sep);
  if (inFolder && !dryRun) await requireLists(root, config.crqs);
  const named = await Promise.all(given.map(async (path) => [await inRealFolder(resolve(context.cwd, path)), path] as const));
  const files = [...new Map(named).entries()];
  const head = git ? await headCommit(root) : undefined;
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const { mentions } = await readOtherRefs(root, config.crqs, catalogue);
  const report = await importFiles({
    root,
    out,
    files: files.map(([file, path]) => ({ file, given: path })),
    catalogue,
    treeFiles: mentions.flatMap(({ origin, name }) => (origin === "tree" ? [name] : [])),
    dryRun,
    today: today(context),
    author: `agent:crq-agent@${context.version}/import`,
    base: head?.slice(0, BASE_DIGITS),
    systems: config.nix.systems,
  });
  const written = report.outcomes.filter((outcome) => outcome.kind === "written");
  if (inFolder && !dryRun && written.length > 0) await writeLists(root, config.crqs);
  const exit = exitOf(report);
  const shown = (path: string): string => relative(context.cwd, path) || path;
  showFindings(ui, report.diagnostics);
  ui.result({
    text: textOf(report, dryRun, shown),
    json: {
      schema: "crq-agent/import/1",
      ok: exit === 0,
      exit,
      data: { dryRun, files: report.outcomes.map((outcome) => dataOf(outcome, root, dryRun)) },
      diagnostics: report.diagnostics,
    },
  });
  return exit;
};

/** A file that is not there is a mistake of the call (2); one that cannot be imported is a finding (1). */
function exitOf({ outcomes }: ImportReport): number {
  if (outcomes.some(({ kind }) => kind === "missing")) return 2;
  return outcomes.some(({ kind }) => kind === "refused") ? 1 : 0;
}

function textOf({ outcomes }: ImportReport, dryRun: boolean, shown: (path: string) => string): string {
  const written = outcomes.filter((outcome) => outcome.kind === "written");
  if (dryRun)
    return (
      written.map(({ target, result }) => `--- ${shown(target)}\n${plainText(result.text)}`).join("\n") || "Nothing to import."
    );
  const lines = outcomes.map((outcome) => lineOf(outcome, shown));
  const suggested = written.some(({ result }) => result.kind === "imported" && result.criteria.length > 0);
  const [first] = written;
  if (first !== undefined) {
    lines.push(
      `Read ${written.length === 1 ? shown(first.target) : "them"}; ${suggested ? "a suggested check runs once its `suggested = true` is removed; " : ""}then: crq-agent lint${written.length === 1 ? ` ${shown(first.target)}` : ""}`,
    );
  }
  return lines.join("\n");
}

function lineOf(outcome: FileOutcome, shown: (path: string) => string): string {
  switch (outcome.kind) {
    case "written": {
      const { result } = outcome;
      const what =
        result.kind === "copied"
          ? "copied unchanged"
          : `${result.family}, ${count(result.criteria.length, "criterion", "criteria")}, ${count(result.keptLines, "line", "lines")} kept in section 12`;
      return `${outcome.given} -> ${shown(outcome.target)} (${what})`;
    }
    case "present":
      return `${outcome.given}: is ${shown(outcome.target)} already`;
    case "missing":
    case "refused":
      return `${outcome.given}: not imported`;
  }
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function dataOf(outcome: FileOutcome, root: string, dryRun: boolean): Record<string, unknown> {
  const { given, kind } = outcome;
  switch (kind) {
    case "written": {
      const { result, target } = outcome;
      return {
        source: given,
        outcome: result.kind,
        path: relative(root, target),
        id: result.id,
        title: result.title,
        ...(result.kind === "imported" && {
          family: result.family,
          criteria: result.criteria.map(({ id, kinds }) => ({ id, suggested: kinds })),
          keptLines: result.keptLines,
        }),
        ...(dryRun && { document: result.text }),
      };
    }
    case "present":
      return { source: given, outcome: kind, path: relative(root, outcome.target) };
    case "missing":
    case "refused":
      return { source: given, outcome: kind };
  }
}
