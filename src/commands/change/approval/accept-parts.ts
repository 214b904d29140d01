import { approvalHash } from "../../../crq/lifecycle/approval.ts";
import type { Crq, Section, Waiver } from "../../../crq/model.ts";
import { isProposed } from "../../../crq/write/waivers.ts";
import { shownText } from "../../../ui/shown-text.ts";
import type { Ui } from "../../../ui/ui.ts";

/** A piece of what an approval covers. */
export interface ApprovalPart {
  readonly title: string;
  readonly text: string;
}

/**
 * Scope, then each criterion with its checks, then the waivers. Every line of the two sections that the approval's hash is made of lies in
 * exactly one part, so that nothing can be approved unseen.
 */
export function approvalParts(crq: Crq): readonly ApprovalPart[] {
  const { waivers = [] } = crq.metadata ?? {};
  // Those that a drafter proposes become the person's own with the approval.
  const proposed = waivers.filter(isProposed);
  const given = waivers.filter((waiver) => !isProposed(waiver));
  return [
    { title: "Scope and what is not meant", text: bodyOf(crq, sectionOf(crq, "Scope")) },
    ...criteriaParts(crq),
    ...waiverPart("Waivers that you give by approving: these may become weaker than they are", proposed),
    ...waiverPart("Waivers: what will not be held against the change", given),
  ];
}

const waiverPart = (title: string, waivers: readonly Waiver[]): readonly ApprovalPart[] =>
  waivers.length === 0
    ? []
    : [
        {
          title,
          text: waivers
            .map(({ ac, weakening, reason, by, until }) => `-   ${weakening ?? ac ?? ""} until ${until}, by ${by}: ${reason}`)
            .join("\n"),
        },
      ];

function criteriaParts(crq: Crq): readonly ApprovalPart[] {
  const section = sectionOf(crq, "Acceptance Criteria");
  if (section === undefined) return [];
  const starts = crq.criteria
    .map(({ id, place }) => ({ id, at: offsetOf(crq.source, place.line) }))
    .filter(({ at }) => at >= section.body.start && at < section.body.end)
    .sort((a, b) => a.at - b.at);
  if (starts.length === 0) return [{ title: "Acceptance criteria", text: bodyOf(crq, section) }];
  return starts.map(({ id }, index) => {
    const from = index === 0 ? section.body.start : (starts[index]?.at ?? section.body.start);
    const to = starts[index + 1]?.at ?? section.body.end;
    return { title: `${id} (${index + 1} of ${starts.length})`, text: crq.source.slice(from, to).trim() };
  });
}

/**
 * Shows a person part by part what is to be approved, and asks of each.
 * Where only yes and no can be asked (a library's `confirm`), it is one question with all of it.
 * @returns whether every part was accepted and the whole confirmed; a question that is left is a no
 */
export async function acceptParts(ui: Ui, crq: Crq, why: string, question: string): Promise<boolean> {
  const parts = approvalParts(crq);
  const hash = `Hash ${approvalHash(crq) ?? "none"}`;
  if (ui.choose === undefined) {
    const shown = parts.map(({ title, text }) => `${title}\n\n${text}`);
    return ui.confirm(question, shownText([`${crq.path} ${why}.`, ...shown, hash].join("\n\n")));
  }
  ui.say(`${crq.path} ${why}.`);
  for (const { title, text } of parts) {
    const answer = await ui.choose(`Accept this? (${title})`, `\n${title}\n\n${text}\n`, [
      { value: "accept", label: "Accept" },
      { value: "stop", label: "Stop", hint: "nothing is approved" },
    ]);
    if (answer !== "accept") return false;
  }
  return ui.confirm(question, `\nEvery part was accepted. ${hash}`);
}

const sectionOf = (crq: Crq, name: Section["name"]): Section | undefined => crq.sections.find((one) => one.name === name);

const bodyOf = (crq: Crq, section: Section | undefined): string =>
  section === undefined ? "(missing)" : crq.source.slice(section.body.start, section.body.end).trim();

/** Of the first character of a line, counted from 1. */
function offsetOf(source: string, line: number): number {
  let at = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = /\r\n|\n|\r/gu;
    end.lastIndex = at;
    const found = end.exec(source);
    if (found === null) return source.length;
    at = end.lastIndex;
  }
  return at;
}
