import { fill } from "../../agent/prompt.ts";
import type { Contradiction } from "../../crq/facts/contradictions.ts";
import type { CrqKind } from "../../crq/model.ts";
import { type CheckInput, renderCheckBlock, renderMetadata } from "../../crq/render/blocks.ts";
import type { DocumentFact } from "../../repo/facts.ts";
import type { DraftFrame } from "../../tools/contract.ts";
import { branchField } from "./branch.ts";
import type { Evidence } from "./evidence.ts";
import type { Relations } from "./relations.ts";
import { bullets, referenceList, tails } from "./sections.ts";
import { slugOf } from "./subject.ts";

/** A request whose parts are told by its kind, without a plan of a flake: policy, refactor, incident, lattice, steps. */
export interface Change {
  readonly kind: Exclude<CrqKind, "nixify" | "fix" | "docs">;
  readonly title: string;
  readonly inScope: readonly string[];
  readonly outOfScope: readonly string[];
  /** Sub-sections of section 4. */
  readonly details: readonly { readonly heading: string; readonly text: string }[];
  readonly criteria: readonly ChangeCriterion[];
  readonly questions: readonly string[];
  readonly assumptions: readonly string[];
  readonly supports: (fact: DocumentFact) => boolean;
  readonly decided: (found: Contradiction<DocumentFact>) => string | undefined;
}

export interface ChangeCriterion {
  readonly sentence: string;
  readonly checks: readonly CheckInput[];
  /** The step of the plan that serves it; equal steps become one. */
  readonly step: string;
}

/** What a kind's draft is made of, or why there is none. */
export type ChangeResult = { readonly change: Change } | { readonly refusal: string };

export function renderChange(
  change: Change,
  draft: { readonly frame: DraftFrame; readonly wish: string; readonly relations: Relations; readonly evidence: Evidence },
  template: string,
): string {
  const { frame, relations, evidence } = draft;
  const title = change.title.slice(0, MAX_TITLE).trim();
  const numbered = change.criteria.map((criterion, index) => ({ ...criterion, id: `AC-${index + 1}` }));
  const steps = [...new Set(numbered.map(({ step }) => step))].map((step) => ({
    step,
    ids: numbered.filter((criterion) => criterion.step === step).map(({ id }) => id),
  }));
  return fill(template, {
    id: frame.id,
    title,
    metadata: renderMetadata({
      schema: "crq/1",
      id: frame.id,
      title,
      status: "draft",
      kind: change.kind,
      created: frame.created,
      authors: [frame.author],
      ...branchField(frame.id, slugOf(title)),
      target: { repo: ".", base: frame.base, systems: frame.systems },
      ...(relations.dependsOn.length > 0 && { dependsOn: relations.dependsOn }),
      ...(relations.related.length > 0 && { related: relations.related }),
      waivers: [],
    }),
    ...(change.kind !== "policy" && { wish: draft.wish }),
    in_scope: bullets(change.inScope),
    out_of_scope: bullets(change.outOfScope),
    details: change.details.map(({ heading, text }, index) => `### 4.${index + 1}. ${heading}\n\n${text}`).join("\n\n"),
    criteria: numbered
      .map(({ id, sentence, checks }) => `-   **${id}**: ${sentence}\n${renderCheckBlock(id, checks)}`)
      .join("\n"),
    steps: steps.map(({ step, ids }, index) => `${`${index + 1}.`.padEnd(4)}**${step}** (${ids.join(", ")}).`).join("\n"),
    references: referenceList(evidence, "The wish itself; no document says more."),
    tails: tails(evidence),
  });
}

const MAX_TITLE = 90;

/** The wish as one clause that may stand in a sentence: one line, without its final mark and without what Markdown would take for markup. */
export const wishClause = (task: string): string =>
  task
    .replace(/\s+/g, " ")
    .replace(/[<>*_#[\]{}|\\]/g, "")
    .replace(/[.!?\s]+$/, "")
    .trim()
    .slice(0, 300);
