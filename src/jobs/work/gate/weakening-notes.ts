import { isGiven } from "../../../crq/criteria/verdicts.ts";
import { namesWeakening, type TiedWeakening } from "../../../crq/criteria/weakening/waivers.ts";
import type { Waiver } from "../../../crq/model.ts";

/** What a proposal weakens, as the notes of its acceptance say it: what will fail, which waiver covers it, and how it is put right. Pure. */

export interface NotesInput {
  /** Of the request that is carried out. */
  readonly waivers: readonly Waiver[];
  /** ISO date. */
  readonly today: string;
  /** Whether the base commit has a file. */
  readonly atBase: (path: string) => boolean;
}

/** One line for each pattern and file. */
export function weakeningNotes(weakenings: readonly TiedWeakening[], input: NotesInput): readonly string[] {
  const groups = Map.groupBy(weakenings, ({ pattern, file }) => `${pattern} at ${file}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [noteOf(first, group, input)] : [];
  });
}

function noteOf(first: TiedWeakening, group: readonly TiedWeakening[], { waivers, today, atBase }: NotesInput): string {
  const { pattern, file, line } = first;
  const whats = [...new Set(group.flatMap(({ what }) => what ?? []))];
  const shown = whats.slice(0, MAX_SHOWN).join("; ") + (whats.length > MAX_SHOWN ? `; and ${whats.length - MAX_SHOWN} more` : "");
  const said = `${pattern}${shown === "" ? "" : ` (${shown})`} at ${file}:${line} weakens what is checked`;
  const there = waivers.filter((waiver) => namesWeakening(waiver, first));
  const given = there.find((waiver) => isGiven(waiver, today));
  if (given) return `${said}: the waiver of ${given.by} for \`${given.weakening}\` covers it`;
  const [idle] = there;
  const criteria = [...new Set(group.flatMap(({ ac }) => ac ?? []))];
  return [
    `${said}: ${criteria.length > 0 ? listed(criteria) : "the acceptance"} will fail until it is put right or a person waives it`,
    idle === undefined
      ? "."
      : `; the waiver for \`${idle.weakening}\` by ${idle.by} (until ${idle.until}) does not count yet or any more.`,
    FINE.get(pattern) ?? "",
    atBase(file) ? ` The edit ${JSON.stringify({ path: file, restore: true })} puts the file back as it was at the base.` : "",
  ].join("");
}

const MAX_SHOWN = 3;

const listed = (ids: readonly string[]): string => (ids.length > 8 ? `${ids.slice(0, 8).join(", ")} and others` : ids.join(", "));

/** What is no weakening, where that is not plain from the name. */
const FINE: ReadonlyMap<string, string> = new Map([
  [
    "stub builder",
    " Fine is a builder that runs or compares something, or one that names the tested derivations (`echo ${tested} > $out`, symlinkJoin).",
  ],
]);
