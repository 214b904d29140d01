import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Catalogue, CatalogueEntry } from "../crq/catalogue/catalogue.ts";
import { saveTexts } from "../crq/catalogue/save.ts";
import { numberOf } from "../crq/ids.ts";
import { decodeCrq, MAX_CRQ_BYTES } from "../crq/parse.ts";
import { planRenumber, type RenumberPlan, type RepositoryText } from "../crq/renumber/plan.ts";
import type { Renaming } from "../crq/renumber/renaming.ts";
import { gitOffline } from "../repo/refs/objects.ts";
import { tryGit } from "../system/git.ts";

/** Gives one document another number, everywhere in the repository or nowhere. */

export interface Renumbering {
  readonly plan: RenumberPlan;
  /** Folder of reports that moves with the document, relative to the repository. */
  readonly reports: { readonly from: string; readonly to: string } | undefined;
  /** Lines `path:line: text` that name the document and are left as they are: they name branches, or are no Markdown. */
  readonly leftAlone: readonly string[];
  readonly diff: string;
}

/** Lines that are shown of what was left alone. */
const MAX_LINES = 30;

/** Plans the change; reads only. */
export async function prepareRenumber(
  root: string,
  catalogue: Catalogue,
  entry: CatalogueEntry,
  number: number,
): Promise<Renumbering | { readonly problem: string }> {
  const { folder } = catalogue;
  const text = (name: string): Promise<string | undefined> => readFile(join(root, folder, name), "utf8").catch(() => undefined);
  const plan = planRenumber({
    catalogue,
    entry,
    number,
    texts: await markdownOf(root, catalogue, entry),
    lists: { list: await text("list.txt"), index: await text("INDEX.md") },
  });
  if ("problem" in plan) return plan;
  const reports = reportsOf(root, folder, plan.renaming);
  if (reports !== undefined && existsSync(join(root, reports.to)))
    return { problem: `${reports.to} exists already, and ${reports.from} would have to become it; move one of them away` };
  return { plan, reports, leftAlone: await leftAlone(root, plan, folder), diff: await diffOf(plan) };
}

/**
 * Carries it out: all files or none.
 * @returns undefined, or why nothing was changed
 */
export async function carryOut(root: string, { plan, reports }: Renumbering): Promise<string | undefined> {
  if (reports !== undefined) await rename(join(root, reports.from), join(root, reports.to));
  const refused = await saveTexts(plan.changes.map(({ path, before, after }) => ({ file: join(root, path), before, after })));
  if (refused !== undefined && reports !== undefined) await rename(join(root, reports.to), join(root, reports.from));
  return refused;
}

function reportsOf(root: string, folder: string, { oldId, newId, isUnique }: Renaming): Renumbering["reports"] {
  if (oldId === undefined || !isUnique) return undefined;
  const from = `${folder}/reports/${oldId}`;
  return existsSync(join(root, from)) && oldId !== newId ? { from, to: `${folder}/reports/${newId}` } : undefined;
}

/** Words by which `git grep` finds lines that may name a document; its own look is narrower. */
function searchPattern({ oldId, oldName }: { readonly oldId: string | undefined; readonly oldName: string }): string {
  const number = oldId === undefined ? undefined : numberOf(oldId);
  const stem = oldName.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return number === undefined ? stem : `CRQ-0*${number}([^0-9]|$)|${stem}`;
}

/** Markdown files outside the CRQ folder that may mention the document; links are not followed, reports are evidence. */
async function markdownOf(root: string, { folder }: Catalogue, entry: CatalogueEntry): Promise<readonly RepositoryText[]> {
  const oldName = entry.path.split("/").at(-1) ?? entry.path;
  const listed = await gitOffline(
    [
      "grep",
      "-l",
      "-z",
      "-I",
      "--untracked",
      "-E",
      "-e",
      searchPattern({ oldId: entry.id, oldName }),
      "--",
      "*.md",
      "*.markdown",
      `:(exclude)${folder}`,
    ],
    { cwd: root },
  );
  const texts: RepositoryText[] = [];
  for (const path of (listed ?? "").split("\0").filter((name) => name !== "")) {
    const file = join(root, path);
    if ((await stat(file)).size > MAX_CRQ_BYTES) continue;
    const decoded = decodeCrq(path, await readFile(file));
    if ("source" in decoded) texts.push({ path, text: decoded.source });
  }
  return texts;
}

async function leftAlone(root: string, { renaming, changes }: RenumberPlan, folder: string): Promise<readonly string[]> {
  if (!renaming.isUnique && renaming.branch === undefined) return [];
  const pattern = renaming.isUnique ? searchPattern(renaming) : (renaming.branch?.old ?? renaming.oldName);
  const skipped = [`${folder}/list.txt`, `${folder}/INDEX.md`, `${folder}/reports`, ...changes.map(({ path }) => path)];
  const listed = await gitOffline(
    ["grep", "-n", "-I", "--untracked", "-E", "-e", pattern, "--", ".", ...skipped.map((path) => `:(exclude,literal)${path}`)],
    { cwd: root },
  );
  const lines = (listed ?? "").split("\n").filter((line) => line !== "");
  const shown = lines.slice(0, MAX_LINES).map((line) => line.replace(/^([^:]+:\d+):\s*/, "$1: ").slice(0, 200));
  return lines.length > MAX_LINES ? [...shown, `and ${lines.length - MAX_LINES} more lines`] : shown;
}

/** As `git diff` shows it, made of two folders that hold what changes. */
async function diffOf({ changes }: RenumberPlan): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "crq-agent-renumber-"));
  try {
    for (const { path, before, after } of changes) {
      for (const [side, text] of [
        ["a", before],
        ["b", after],
      ] as const) {
        if (text === undefined) continue;
        await mkdir(dirname(join(folder, side, path)), { recursive: true });
        await writeFile(join(folder, side, path), text);
      }
    }
    for (const side of ["a", "b"]) await mkdir(join(folder, side), { recursive: true });
    const shown = await tryGit(["diff", "--no-index", "--no-prefix", "--no-color", "--find-renames", "--unified=1", "a", "b"], {
      cwd: folder,
    });
    return shown.stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
