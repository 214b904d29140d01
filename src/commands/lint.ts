import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import picomatch from "picomatch";
import { readConfig } from "../config.ts";
import { INDEX_FILE, LIST_FILE } from "../crq/catalogue/catalogue.ts";
import { readCatalogue } from "../crq/catalogue/read.ts";
import { saveText } from "../crq/catalogue/save.ts";
import { explainRule, findRule } from "../crq/lint/explain.ts";
import { applyFixes } from "../crq/lint/fix.ts";
import { toSarif } from "../crq/lint/formats/sarif.ts";
import { formatText, summary } from "../crq/lint/formats/text.ts";
import { lint as lintText } from "../crq/lint/lint.ts";
import { lintLists } from "../crq/lint/lists.ts";
import type { LintContext, Profile } from "../crq/lint/rule.ts";
import type { CrqDiagnostic } from "../crq/model.ts";
import { decodeCrq } from "../crq/parse.ts";
import { readCollisions } from "../jobs/facts/collisions.ts";
import { lintContext } from "../jobs/facts/lint-context.ts";
import { locate } from "../repo/workspace/workspace.ts";
import { absolutePlaces, documentFolders } from "./documents/document-folders.ts";
import { listOfSettings } from "./documents/new-id.ts";
import { CommandError, type OutputOptions, type Verb } from "./wiring/context.ts";
import { projectSettings } from "./wiring/open-place.ts";

interface LintOptions extends OutputOptions {
  readonly repo: string;
  readonly profile: Profile;
  readonly failOn: "error" | "warning";
  readonly format: "text" | "json" | "sarif";
  readonly fix?: boolean;
  readonly explain?: string;
  readonly docs?: readonly string[];
}

/** `crq-agent lint [FILE…]`. */
export const lint: Verb<[readonly string[], LintOptions]> = async (context, ui, given, options) => {
  if (options.explain !== undefined) {
    const rule = findRule(options.explain);
    if (typeof rule === "string") throw new CommandError(2, rule);
    ui.result({
      text: explainRule(rule),
      json: {
        schema: "crq-agent/lint/1",
        ok: true,
        exit: 0,
        data: { rule: rule.name, about: rule.about, explain: rule.explain, levels: rule.levels },
        diagnostics: [],
      },
    });
    return 0;
  }
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const { otherRefs, notes } = await readCollisions(root, config.crqs, catalogue);
  for (const note of notes) ui.say(`Note: ${note}`);
  const facts = await lintContext({
    root,
    settings: projectSettings(config),
    catalogue,
    otherRefs,
    listedIds: ((await listOfSettings(root, config))?.documents ?? []).map(({ id }) => id),
    docs: absolutePlaces(root, documentFolders(context, root, options.docs, config.docs)),
    today: new Date(context.now()).toISOString().slice(0, 10),
  });
  const whole = given.length === 0;
  const paths = whole
    ? catalogue.entries.map(({ path }) => `${config.crqs}/${path}`)
    : given.map((path) => relative(root, resolve(context.cwd, path)));
  const { texts, unreadable } = await readTexts(root, paths);
  const imported = config.lint.import.length > 0 ? picomatch([...config.lint.import], { dot: true }) : () => false;
  const profileOf = (path: string): Profile => (imported(path) ? "import" : options.profile);
  const lintAll = (files: ReadonlyMap<string, string>, known: LintContext = facts): readonly CrqDiagnostic[] =>
    [...files].flatMap(([path, text]) => lintText(path, text, profileOf(path), known));

  let diagnostics = [...unreadable, ...lintAll(texts)];
  if (options.fix) {
    const fixed = applyFixes(texts, (files) => lintAll(files));
    for (const [path, text] of fixed.files) {
      const before = texts.get(path);
      if (before === text || before === undefined) continue;
      const refused = await saveText(resolve(root, path), before, text);
      if (refused !== undefined) throw new CommandError(2, refused);
    }
    for (const { file, rule, description } of fixed.applied) ui.say(`${file}: fixed ${rule}: ${description}`);
    for (const [from, to] of fixed.renames) ui.say(`${from}: would be named ${to}; run git mv ${from} ${to}`);
    diagnostics = [...unreadable, ...lintAll(fixed.files)];
  }
  if (whole) {
    const text = (name: string): Promise<string | undefined> =>
      readFile(resolve(root, config.crqs, name), "utf8").catch(() => undefined);
    diagnostics.push(...lintLists(catalogue, { list: await text(LIST_FILE), index: await text(INDEX_FILE) }, options.profile));
  }
  const counts = diagnostics.some(
    ({ severity }) => severity === "error" || (options.failOn === "warning" && severity === "warning"),
  );
  const exit = counts ? 1 : 0;
  const shown =
    options.format === "sarif"
      ? JSON.stringify(toSarif(diagnostics, context.version, options.profile, texts), undefined, 1)
      : options.format === "json"
        ? JSON.stringify(diagnostics, undefined, 1)
        : formatText(diagnostics);
  ui.result({
    text: shown,
    json: {
      schema: "crq-agent/lint/1",
      ok: exit === 0,
      exit,
      data: { files: paths, summary: summary(diagnostics) },
      diagnostics,
    },
  });
  return exit;
};

async function readTexts(
  root: string,
  paths: readonly string[],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly unreadable: readonly CrqDiagnostic[] }> {
  const texts = new Map<string, string>();
  const unreadable: CrqDiagnostic[] = [];
  for (const path of paths) {
    const bytes = await readFile(resolve(root, path)).catch((error: unknown) => {
      throw new CommandError(2, `${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
    });
    const decoded = decodeCrq(path, bytes);
    if ("source" in decoded) texts.set(path, decoded.source);
    else unreadable.push(decoded.problem);
  }
  return { texts, unreadable };
}
