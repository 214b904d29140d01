import type { SectionName } from "../../model.ts";
import { sectionName, withoutNumber } from "./sections.ts";

/** Headings of foreign documents, in lower case, and the section each stands for. One table for the linter and the importer. */
const SYNONYMS: ReadonlyMap<string, SectionName> = new Map(
  Object.entries({
    introduction: "Overview",
    "executive summary": "Overview",
    summary: "Overview",
    objective: "Overview",
    objectives: "Overview",
    goal: "Overview",
    goals: "Overview",
    "overall goal": "Overview",
    purpose: "Overview",
    description: "Overview",
    problem: "Motivation",
    "problem statement": "Motivation",
    justification: "Motivation",
    rationale: "Motivation",
    reason: "Motivation",
    background: "Motivation",
    "reason for change": "Motivation",
    "affected files": "Scope",
    "in scope": "Scope",
    "out of scope": "Scope",
    "non-goals": "Scope",
    "proposed solution": "Technical Details",
    "proposed change": "Technical Details",
    "proposed changes": "Technical Details",
    solution: "Technical Details",
    "implementation details": "Technical Details",
    implementation: "Technical Details",
    changes: "Technical Details",
    "expected outcome": "Acceptance Criteria",
    "expected outcomes": "Acceptance Criteria",
    "success criteria": "Acceptance Criteria",
    "definition of done": "Acceptance Criteria",
    acceptance: "Acceptance Criteria",
    verification: "Acceptance Criteria",
    "testing plan": "Acceptance Criteria",
    "test plan": "Acceptance Criteria",
    metrics: "Acceptance Criteria",
    "next step": "Implementation Plan",
    "next steps": "Implementation Plan",
    steps: "Implementation Plan",
    plan: "Implementation Plan",
    "detailed plan": "Implementation Plan",
    "outstanding tasks": "Implementation Plan",
    tasks: "Implementation Plan",
    "related crqs": "References",
    "see also": "References",
    dependencies: "References",
    impact: "Risks and Rollback",
    risks: "Risks and Rollback",
    rollback: "Risks and Rollback",
    "rollback plan": "Risks and Rollback",
    "back-out plan": "Risks and Rollback",
    questions: "Open Questions",
  }),
);

/** The section that a foreign heading stands for, by its own name or a synonym. */
export function sectionSynonym(heading: string): SectionName | undefined {
  const text = withoutNumber(heading).text.replace(/[:.]+$/, "");
  return sectionName(text) ?? SYNONYMS.get(text.toLowerCase());
}
