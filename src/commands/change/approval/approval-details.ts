import { plainText } from "../../../agent/plain-text.ts";
import { approvalHash } from "../../../crq/lifecycle/approval.ts";
import type { Crq } from "../../../crq/model.ts";

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
    `Hash ${approvalHash(crq) ?? "none"}`,
  ].join("\n");
}
