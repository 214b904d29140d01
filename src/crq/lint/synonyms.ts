import type { SectionName } from "../model.ts";
import { sectionName, withoutNumber } from "../parse/sections.ts";

/** Headings of foreign documents and the section each stands for. */
const SYNONYMS: Readonly<Record<string, SectionName>> = {
  introduction: "Overview",
  "executive summary": "Overview",
  summary: "Overview",
  objective: "Overview",
  goal: "Overview",
  description: "Overview",
  problem: "Motivation",
  "problem statement": "Motivation",
  justification: "Motivation",
  rationale: "Motivation",
  reason: "Motivation",
  "affected files": "Scope",
  "proposed solution": "Technical Details",
  solution: "Technical Details",
  "implementation details": "Technical Details",
  changes: "Technical Details",
  "expected outcome": "Acceptance Criteria",
  "success criteria": "Acceptance Criteria",
  verification: "Acceptance Criteria",
  "testing plan": "Acceptance Criteria",
  metrics: "Acceptance Criteria",
  "next steps": "Implementation Plan",
  steps: "Implementation Plan",
  "related crqs": "References",
  dependencies: "References",
  impact: "Risks and Rollback",
  "rollback plan": "Risks and Rollback",
};

/** The section that a foreign heading stands for, by its own name or a synonym. */
export function sectionSynonym(heading: string): SectionName | undefined {
  const text = withoutNumber(heading).text.replace(/[:.]+$/, "");
  return sectionName(text) ?? SYNONYMS[text.toLowerCase()];
}
