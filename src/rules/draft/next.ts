import type { CrqDiagnostic } from "../../crq/model.ts";
import type { PlacedFact } from "../../crq/parse/blocks/facts.ts";
import { readDocument } from "../../crq/parse/document.ts";
import { MAX_CLARIFICATIONS } from "../../tools/ask.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { calls, type Decision, giveUp } from "../decision.ts";
import type { Step } from "../transcript.ts";
import { type Drafted, refuse } from "./drafting.ts";
import { shortQuestion } from "./evidence.ts";
import { draftOfKind } from "./kinds/draft-kind.ts";

/** The next move of a draft: hand the document in; take out what the linter refuses; give up honestly where that is not enough. */

export function nextOfDraft(details: SurveyDetails, steps: readonly Step[], template: (name: string) => string): Decision {
  const submissions = steps.filter((step): step is Extract<Step, { tool: "submit_crq" }> => step.tool === "submit_crq");
  const last = submissions.at(-1);
  if (last?.details.accepted) return { kind: "end", text: "The document was accepted." };
  const asked = steps.filter((step): step is Extract<Step, { tool: "ask_person" }> => step.tool === "ask_person");
  const answers = [
    ...details.clarifications,
    ...asked.flatMap(({ question, details: { answer } }) => (answer === null ? [] : [{ question, answer }])),
  ];
  const { draft: frame, task = "" } = details;
  const draft = (refused: ReadonlySet<string>) =>
    frame
      ? draftOfKind({ details, frame, task, answers, refused, template })
      : refuse("not-understood", "There is neither a change request to carry out nor a frame for a new one.");
  const first = draft(new Set());
  if ("decision" in first) return first.decision;
  if (!last) {
    const next = frame?.canAsk === true ? nextQuestion(first, details, asked) : undefined;
    return next ?? calls("Hand the draft in.", { tool: "submit_crq", arguments: { markdown: first.markdown } });
  }
  const refused = submissions.flatMap((step) => step.details.diagnostics).filter((diagnostic) => diagnostic.severity === "error");
  const without = refusedFacts(first.markdown, refused);
  const again = without.size > 0 ? draft(without) : first;
  if ("decision" in again) return again.decision;
  if (refused.some(({ rule }) => rule === "baseline/nothing-red"))
    return giveUp("contradiction", "What the wish asks for holds already: every criterion that could be derived from it is met.");
  if (without.size === 0 || submissions.length > 2)
    return giveUp("no-known-fix", `The linter refuses the draft, and no rule mends it: ${findings(last.details.diagnostics)}`);
  return calls("Leave out the facts that the linter did not find.", {
    tool: "submit_crq",
    arguments: { markdown: again.markdown },
  });
}

/** Open contradictions are put to whoever sits at the terminal, as many as may be asked. */
function nextQuestion(
  draft: Drafted,
  { clarifications }: SurveyDetails,
  asked: readonly Extract<Step, { tool: "ask_person" }>[],
) {
  const put = new Set(asked.map(({ question }) => question));
  const open = draft.open.map(shortQuestion).find(({ question }) => !put.has(question));
  if (open === undefined || clarifications.length + asked.length >= MAX_CLARIFICATIONS) return undefined;
  return calls("Ask what the documents leave open.", {
    tool: "ask_person",
    arguments: { question: open.question, choices: [...open.choices] },
  });
}

const findings = (diagnostics: readonly CrqDiagnostic[]): string =>
  diagnostics
    .filter((diagnostic) => diagnostic.severity === "error")
    .map((diagnostic) => `${diagnostic.line}:${diagnostic.column} ${diagnostic.rule}: ${diagnostic.message}`)
    .join("; ");

/** Facts that findings name or stand in, by source and quote. */
function refusedFacts(document: string, diagnostics: readonly CrqDiagnostic[]): ReadonlySet<string> {
  const { facts } = readDocument("draft.md", document);
  const named = new Set(
    diagnostics
      .filter((diagnostic) => diagnostic.rule.startsWith("grounding/"))
      .flatMap((diagnostic) => diagnostic.message.match(/\bF-\d+\b/g) ?? []),
  );
  const begins = facts.map(({ block, index }) => block.placeOf(["fact", index, "id"]).line);
  const standsIn = (at: number): boolean =>
    diagnostics.some(({ line }) => line >= (begins[at] ?? 0) && line < (begins[at + 1] ?? endOf(facts[at])));
  return new Set(
    facts.filter(({ fact }, at) => named.has(fact.id) || standsIn(at)).map(({ fact }) => `${fact.source}\0${fact.quote}`),
  );
}

/** The line after the block of the last fact. */
const endOf = (placed: PlacedFact | undefined): number =>
  placed ? placed.block.place.line + placed.block.node.value.split("\n").length + 1 : 0;
