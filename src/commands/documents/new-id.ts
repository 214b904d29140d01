import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { readList } from "../../crq/catalogue/list.ts";
import { listLookup, type readCatalogue } from "../../crq/catalogue/read.ts";
import { formatId, nextNumber, numberOf, refsIn } from "../../crq/ids.ts";
import type { CrqDiagnostic } from "../../crq/model.ts";
import { collectRefNames } from "../../jobs/facts/allocate-id.ts";
import { CommandError } from "../wiring/context.ts";

/** The names of a list of documents, also one that somebody else keeps, and what had to be left out of it. */
export async function readForeignList(
  file: string,
  root: string,
): Promise<{ readonly names: readonly string[]; readonly problems: readonly CrqDiagnostic[] }> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new CommandError(2, `${file}: cannot be read; give the list of CRQs with --list FILE, or leave it out`);
  });
  const folder = dirname(file);
  const { entries, problems } = await readList(text, {
    file: relative(root, file),
    folder,
    repository: root,
    lookup: listLookup(folder, root),
  });
  return { names: entries.map(({ written }) => written), problems };
}

/** The id of a new document: the wished one when it is free, else the number after the highest in use. */
export async function allocate(
  root: string,
  crqFolder: string,
  catalogue: Awaited<ReturnType<typeof readCatalogue>>,
  listed: readonly string[],
  options: { readonly id?: string; readonly unnumbered?: boolean },
): Promise<string> {
  if (options.unnumbered) return "CRQ-XXX";
  const refs = await collectRefNames(root, crqFolder);
  const flake = await readFile(join(root, "flake.nix"), "utf8").catch(() => "");
  const next = nextNumber([
    { origin: "file", names: [...catalogue.entries.map(({ path }) => path), ...listed] },
    { origin: "document", names: catalogue.entries.flatMap(({ id, crq }) => [id ?? "", crq.title?.id ?? ""]) },
    { origin: "branch", names: refs.branches },
    { origin: "tag", names: refs.tags },
    { origin: "tree", names: refs.treeFiles },
    { origin: "flake", names: refsIn(flake) },
  ]);
  if (options.id !== undefined) {
    const wanted = numberOf(options.id);
    if (wanted === undefined) throw new CommandError(2, `--id ${options.id}: an id is CRQ- and three to seven digits`);
    if (typeof next !== "string" && next.taken.includes(wanted))
      throw new CommandError(2, `--id ${options.id}: this number is taken; the next free one is ${next.id}`);
    return formatId(wanted);
  }
  if (typeof next === "string") throw new CommandError(2, next);
  return next.id;
}
