import type { Edit } from "../../../tools/contract.ts";
import { type Child, element, type Markup } from "../../../ui/html/markup.ts";
import { type DiffLine, lineDiff } from "../../../ui/line-diff.ts";
import type { Excerpts } from "../excerpts.ts";
import type { Proposal } from "../view.ts";
import { diagnosisPart } from "./diagnoses.ts";

/** Lines of one file's difference; a generated file may have thousands. */
const MOST_LINES = 400;
/** Lines of all differences together. */
const MOST_IN_ALL = 20_000;

/** Proposals that are shown whole; between the first and the last ones a line each. */
const FIRST = 50;
const LAST = 150;

/** What was proposed, with its differences; of what was refused also why. */
export function proposalsSection(proposals: readonly Proposal[], excerpts: Excerpts): Markup | undefined {
  if (proposals.length === 0) return undefined;
  const accepted = proposals.filter(({ verdict }) => verdict?.accepted === true).length;
  let left = MOST_IN_ALL;
  const lines = (wanted: number): number => {
    const given = Math.min(wanted, MOST_LINES, Math.max(0, left));
    left -= given;
    return given;
  };
  return element(
    "section",
    { id: "proposals", "aria-labelledby": "proposals-title" },
    element("h2", { id: "proposals-title" }, "Proposals"),
    element(
      "p",
      {},
      `${proposals.length} proposed, ${accepted} accepted. A refused proposal never touched the worktree for longer than its trial.`,
    ),
    ...proposals.map((one) =>
      one.number <= FIRST || one.number > proposals.length - LAST ? proposal(one, excerpts, lines) : proposalLine(one, excerpts),
    ),
  );
}

const proposal = (one: Proposal, excerpts: Excerpts, lines: (wanted: number) => number): Markup =>
  element(
    "details",
    { class: "card", id: `proposal-${one.number}` },
    element(
      "summary",
      {},
      element("strong", {}, `Proposal ${one.number}`),
      ` (turn ${one.turn}) `,
      verdictOf(one),
      ` ${excerpts.line(pathsOf(one).join(", "), 160)}`,
    ),
    one.sent?.why === undefined ? undefined : element("p", {}, excerpts.line(one.sent.why, 400)),
    one.sent?.amend === true ? element("p", { class: "soft" }, "Continues the pending proposal before it.") : undefined,
    ...refusal(one, excerpts),
    ...(one.sent?.edits.map((edit) => editPart(edit, one.before, lines)) ?? []),
    one.sent === undefined && one.verdict !== undefined
      ? element("p", { class: "soft" }, `Files of a generator: ${one.verdict.changed.length}.`)
      : undefined,
    generated(one, excerpts, lines),
  );

const proposalLine = (one: Proposal, excerpts: Excerpts): Markup =>
  element(
    "p",
    { class: "line", id: `proposal-${one.number}` },
    `Proposal ${one.number} (turn ${one.turn}) ${verdictText(one)[1]} ${excerpts.line(pathsOf(one).join(", "), 100)}`,
  );

function verdictOf(one: Proposal): Markup {
  const [tone, text] = verdictText(one);
  return element("span", { class: tone }, text);
}

function verdictText({ verdict, result }: Proposal): readonly [tone: "good" | "bad" | "open", text: string] {
  if (verdict?.accepted === true) return ["good", "✓ accepted"];
  if (verdict !== undefined) return ["bad", `✗ refused at ${verdict.stage}`];
  return ["open", result === undefined ? "? never judged" : "? not run"];
}

function refusal({ verdict, result }: Proposal, excerpts: Excerpts): readonly Child[] {
  if (verdict?.accepted === true) return [];
  if (verdict === undefined) return result === undefined ? [] : [excerpts.pre(result.text, `event ${result.seq} of the journal`)];
  return [
    verdict.problems.length === 0
      ? undefined
      : element("ul", {}, ...verdict.problems.map((problem) => element("li", {}, excerpts.line(problem, 1_000)))),
    ...verdict.diagnoses.map((one) => diagnosisPart(one, excerpts)),
    verdict.pending ? element("p", { class: "soft" }, "Kept as pending: the next proposal may amend it.") : undefined,
  ];
}

/** Files that mechanics or a generator wrote on the way. */
function generated({ verdict, sent }: Proposal, excerpts: Excerpts, lines: (wanted: number) => number): Markup | undefined {
  const own = new Set(sent?.edits.map(({ path }) => path));
  const texts = Object.entries(verdict?.texts ?? {}).filter(([path]) => !own.has(path));
  if (texts.length === 0) return undefined;
  return element(
    "details",
    {},
    element("summary", {}, `Written by rules on the way: ${excerpts.line(texts.map(([path]) => path).join(", "), 120)}`),
    ...texts.map(([path, text]) => fileDiff(path, "", lineDiff(undefined, text), lines)),
  );
}

function editPart(edit: Edit, before: ReadonlyMap<string, string>, lines: (wanted: number) => number): Markup {
  const known = before.get(edit.path);
  if ("create" in edit)
    return fileDiff(edit.path, known === undefined ? "whole file" : "whole file again", lineDiff(known, edit.create), lines);
  if ("replace" in edit) return fileDiff(edit.path, "one place", lineDiff(edit.replace.old, edit.replace.new), lines);
  if ("move" in edit) return element("p", {}, element("code", {}, edit.path), " moves to ", element("code", {}, edit.move));
  return element(
    "p",
    {},
    element("code", {}, edit.path),
    "restore" in edit ? " is put back as it was at the base" : " is deleted",
  );
}

const SIGN = { same: " ", added: "+", removed: "-" } as const;

function fileDiff(path: string, what: string, diff: readonly DiffLine[], lines: (wanted: number) => number): Markup {
  const shown = diff.slice(0, lines(diff.length));
  const rest = diff.length - shown.length;
  return element(
    "figure",
    {},
    element(
      "figcaption",
      {},
      element("code", {}, path),
      what === "" ? undefined : element("span", { class: "soft" }, ` ${what}`),
    ),
    element("pre", { class: "diff" }, ...runs(shown)),
    rest > 0 ? element("p", { class: "soft" }, `${rest} more lines are left out; the journal holds them.`) : undefined,
  );
}

/** Lines of one kind share an element: pages of thousands of proposals stay light. */
function runs(lines: readonly DiffLine[]): readonly Markup[] {
  const parts: Markup[] = [];
  for (let from = 0; from < lines.length; ) {
    const kind = lines[from]?.kind ?? "same";
    let to = from;
    while (to < lines.length && lines[to]?.kind === kind) to++;
    const text = lines
      .slice(from, to)
      .map((line) => (line.kind === "gap" ? `  … ${line.lines} lines …\n` : `${SIGN[line.kind]} ${line.text}\n`));
    parts.push(element(kind === "added" ? "ins" : kind === "removed" ? "del" : "span", {}, text.join("")));
    from = to;
  }
  return parts;
}

function pathsOf({ sent, verdict }: Proposal): readonly string[] {
  const changed = verdict?.changed ?? [];
  return changed.length > 0 ? changed : [...new Set(sent?.edits.map(({ path }) => path) ?? [])];
}
