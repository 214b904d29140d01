import { numberOf } from "../../crq/ids.ts";
import type { CrqKind } from "../../crq/model.ts";
import type { DraftFrame, ExistingCrq } from "../../tools/contract.ts";

/** How a draft stands to the CRQs that exist. */

export interface Relations {
  readonly dependsOn: readonly string[];
  readonly related: readonly string[];
  readonly questions: readonly string[];
  readonly assumptions: readonly string[];
}

const MENTION = /\bCRQ[-_ ]?(?<number>\d{1,7})\b/gi;
const DEPENDS = /\b(?:after|depends? on|builds? on|requires?|once|needs)\b[^.;]{0,30}$/i;
/** States in which a request asks for nothing any more. */
const GONE = new Set(["rejected", "withdrawn", "superseded"]);

/** @param cited addresses and other values that the draft cites: a branch there may name a CRQ */
export function relationsOf(
  { existing }: DraftFrame,
  task: string,
  draft: { readonly kind: CrqKind; readonly title: string; readonly cited: readonly string[] },
): Relations {
  const find = (number: string | undefined): ExistingCrq | undefined =>
    existing.find(({ id }) => number !== undefined && numberOf(id) === Number(number));
  const depends = new Set<string>();
  const related = new Set<string>();
  for (const match of task.matchAll(MENTION)) {
    const known = find(match.groups?.number);
    if (known) (DEPENDS.test(task.slice(0, match.index)) ? depends : related).add(known.id);
  }
  for (const match of draft.cited.join("\n").matchAll(MENTION)) {
    const known = find(match.groups?.number);
    if (known) related.add(known.id);
  }
  const same = existing.filter(
    ({ title, kind, status }) =>
      (kind === undefined || kind === draft.kind) && !GONE.has(status ?? "") && plain(title) === plain(draft.title),
  );
  for (const { id } of same) related.add(id);
  const open = same.filter(({ status }) => status !== "closed");
  const closed = same.filter(({ status }) => status === "closed");
  return {
    dependsOn: [...depends],
    related: [...related].filter((id) => !depends.has(id)),
    questions: open.map(
      ({ id, title, status }) =>
        `${id} (${title}; ${status ?? "without status"}) asks for the same already. Shall this request take its place, or is it not needed?`,
    ),
    assumptions: closed.map(({ id }) => `${id} asked for the same and is closed; what it left open is asked for here.`),
  };
}

const plain = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
