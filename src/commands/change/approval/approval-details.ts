import { plainText } from "../../../agent/plain-text.ts";
import { approvalHash } from "../../../crq/lifecycle/approval.ts";
import type { Crq } from "../../../crq/model.ts";
import { isProposed } from "../../../crq/write/waivers.ts";

/** What a person sees before saying yes: scope, criteria with their checks, and the hash that the approval is bound to. */
export function approvalDetails(crq: Crq, why: string): string {
  const part = (name: string): string => {
    const section = crq.sections.find((candidate) => candidate.name === name);
    return section ? plainText(crq.source.slice(section.body.start, section.body.end)).trim() : "(missing)";
  };
  return [
    `${crq.path} ${why}.`,
    "",
    "Scope",
    part("Scope"),
    "",
    "Acceptance criteria",
    part("Acceptance Criteria"),
    "",
    ...waiverLines(crq),
    `Hash ${approvalHash(crq) ?? "none"}`,
  ].join("\n");
}

/** What a drafter proposes to leave out, in so many words: by saying yes the person waives it. */
function waiverLines(crq: Crq): readonly string[] {
  const proposed = (crq.metadata?.waivers ?? []).filter(isProposed);
  if (proposed.length === 0) return [];
  const lines = proposed.map(
    ({ ac, weakening, reason, until }) => `-   ${plainText(weakening ?? ac ?? "")} until ${until}: ${plainText(reason)}`,
  );
  return ["Waivers that you give by approving: these may become weaker than they are", ...lines, ""];
}
