import { createHash } from "node:crypto";
import type { Crq, SectionName } from "../model.ts";

/**
 * The approval hash: `sha256:` + hex over `scope\n` S `acceptance\n` A, where S and A are the normalised bodies of the sections Scope and
 * Acceptance Criteria. undefined when one of them is missing: there is nothing a person could have approved.
 */
export function approvalHash(crq: Crq): string | undefined {
  const scope = bodyOf(crq, "Scope");
  const acceptance = bodyOf(crq, "Acceptance Criteria");
  if (scope === undefined || acceptance === undefined) return undefined;
  const text = `scope\n${normalise(scope)}acceptance\n${normalise(acceptance)}`;
  return `sha256:${createHash("sha256").update(text, "utf8").digest("hex")}`;
}

export type ApprovalState =
  | { readonly state: "none" }
  | { readonly state: "valid"; readonly hash: string }
  /** Scope or criteria changed since: the CRQ counts as `proposed`. */
  | { readonly state: "void"; readonly recorded: string; readonly now: string | undefined }
  /** An agent can never be the approver. */
  | { readonly state: "by-agent"; readonly by: string };

/** Whether the approval recorded in a CRQ still covers its scope and criteria. */
export function approvalState(crq: Crq): ApprovalState {
  const approval = crq.metadata?.approval;
  if (approval === undefined) return { state: "none" };
  const byPerson = /^human:./.test(approval.by) || (approval.by === "unattended" && approval.via === "yes-flag");
  if (!byPerson) return { state: "by-agent", by: approval.by };
  const now = approvalHash(crq);
  return now === approval.hash ? { state: "valid", hash: now } : { state: "void", recorded: approval.hash, now };
}

/** Text of the first section of that name; a repeated heading does not add to what was approved. */
function bodyOf(crq: Crq, name: SectionName): string | undefined {
  const section = crq.sections.find((candidate) => candidate.name === name);
  return section === undefined ? undefined : crq.source.slice(section.body.start, section.body.end);
}

/** CRLF to LF, trailing blanks stripped, runs of blank lines reduced to one, none at the ends, one final LF. */
function normalise(text: string): string {
  const lines = text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.replace(/[ \t]+$/, ""));
  const kept = lines.filter((line, index) => line !== "" || lines[index - 1] !== "");
  while (kept[0] === "") kept.shift();
  while (kept.at(-1) === "") kept.pop();
  return `${kept.join("\n")}\n`;
}
