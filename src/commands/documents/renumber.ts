import type { Config } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { formatId, numberOf } from "../../crq/ids.ts";
import { describeMention, type Mention } from "../../crq/numbering.ts";
import { numbersInUse } from "../../jobs/facts/numbers/numbers.ts";
import { carryOut, prepareRenumber, type Renumbering } from "../../jobs/renumber.ts";
import type { Ui } from "../../ui/ui.ts";
import { entryFor } from "../catalogue/find-crq.ts";
import { type CliContext, CommandError, type OutputOptions } from "../wiring/context.ts";

export interface RenumberOptions extends OutputOptions {
  readonly renumber: string;
  readonly to?: string;
  readonly yes?: boolean;
}

/** `crq-agent index --renumber FILE`: shows what would change, asks, and changes all of it or nothing. */
export async function renumber(
  context: CliContext,
  ui: Ui,
  options: RenumberOptions,
  { root, config }: { readonly root: string; readonly config: Config },
): Promise<number> {
  const folder = config.crqs;
  const catalogue = await readCatalogue(root, folder, context.folders.cache);
  const entry = await entryFor(options.renumber, context.cwd, root, folder, catalogue);
  if (!catalogue.entries.includes(entry))
    throw new CommandError("unknown-crq", `${options.renumber}: is no CRQ below ${folder}/; only those are numbered`);
  const { next, notes, otherRefs } = await numbersInUse(root, folder, catalogue);
  const own = new Set([entry.id, entry.summary.titleId].flatMap((id) => (id === undefined ? [] : (numberOf(id) ?? []))));
  const number = options.to === undefined ? freeNumber(next) : wishedNumber(options.to, next, own);
  const isOwn = own.has(number) && catalogue.entries.every((other) => other === entry || numberOf(other.id ?? "") !== number);
  if (options.to !== undefined && own.has(number) && !isOwn) wishedNumber(options.to, next, new Set());

  const prepared = await prepareRenumber(root, catalogue, entry, number);
  if ("problem" in prepared) throw new CommandError("not-written", `${prepared.problem}; nothing was changed`);
  const { plan } = prepared;
  if (plan.changes.length === 0)
    return finish(ui, 0, `${plan.from} has this number already; nothing to change.`, prepared, { written: false, notes });
  const branches = new Set(otherRefs.mentions.flatMap(({ origin, name }) => (origin === "branch" ? [name] : [])));
  const details = [prepared.diff.trimEnd(), ...consequences(prepared, notes, branches)].join("\n");
  const question = `Give ${plan.from} the number ${plan.renaming.newId}?`;
  if (!options.yes && !ui.interactive) {
    const text = `${details}\n\nNothing was changed: this needs a yes. Run it again with --yes.`;
    return finish(ui, 5, text, prepared, { written: false, notes });
  }
  if (!options.yes && !(await ui.confirm(question, details)))
    return finish(ui, 5, "Nothing was changed.", prepared, { written: false, notes });
  const refused = await carryOut(root, prepared);
  if (refused !== undefined) throw new CommandError("not-written", refused);
  const text = [
    ...(options.yes ? [details, ""] : []),
    `${plan.from} is now ${plan.to} (${plan.renaming.newId}).`,
    "Your git index is as it was; git sees the renaming once you stage it: git add --all.",
  ].join("\n");
  return finish(ui, 0, text, prepared, { written: true, notes });
}

type Next = Awaited<ReturnType<typeof numbersInUse>>["next"];

function freeNumber(next: Next): number {
  if (typeof next === "string") throw new CommandError("no-number", next.replace("--id", "--to CRQ-NNN"));
  return next.number;
}

/** @param own numbers that the document has already, in its block, H1 or name */
function wishedNumber(to: string, next: Next, own: ReadonlySet<number>): number {
  const number = numberOf(to);
  if (number === undefined || number === 0)
    throw new CommandError("bad-id", `--to ${to}: an id is CRQ- and three to seven digits, from CRQ-001`);
  const user: Mention | undefined = typeof next === "string" ? undefined : next.taken.get(number);
  if (user !== undefined && typeof next !== "string" && !own.has(number))
    throw new CommandError(
      "number-taken",
      `--to ${formatId(number)}: this number is taken (${describeMention(user)}); the next free one is ${next.id}`,
    );
  return number;
}

function consequences(
  { plan, reports, leftAlone }: Renumbering,
  notes: readonly string[],
  branches: ReadonlySet<string>,
): readonly string[] {
  const { renaming, voided } = plan;
  return [
    ...(reports ? [`${reports.from} becomes ${reports.to}`] : []),
    ...voided.map(
      (path) => `The approval of ${path} is void afterwards: its scope or criteria name ${renaming.oldId ?? "the document"}.`,
    ),
    ...(renaming.branch && branches.has(renaming.branch.old)
      ? [`git's own branch is not renamed: git branch -m ${renaming.branch.old} ${renaming.branch.now}`]
      : []),
    ...[...plan.notes, ...notes].map((note) => `Note: ${note}`),
    ...(leftAlone.length > 0
      ? [
          "Left as they are (a flake's ref names a branch that exists; the rest is no Markdown, or history):",
          ...leftAlone.map((line) => `  ${line}`),
        ]
      : []),
  ];
}

function finish(
  ui: Ui,
  exit: 0 | 5,
  text: string,
  { plan, reports, leftAlone, diff }: Renumbering,
  { written, notes }: { readonly written: boolean; readonly notes: readonly string[] },
): number {
  ui.result({
    text,
    json: {
      schema: "crq-agent/index/1",
      ok: exit === 0,
      exit,
      data: {
        renumbered: {
          from: plan.from,
          to: plan.to,
          previousId: plan.renaming.oldId ?? null,
          id: plan.renaming.newId,
          files: plan.changes.map(({ path }) => path),
          reports: reports ?? null,
          approvalVoid: plan.voided,
          leftAlone,
          notes: [...plan.notes, ...notes],
          written,
          diff,
        },
      },
      diagnostics: [],
    },
  });
  return exit;
}
