import type { EventBody } from "../agent/events.ts";
import type { Tally } from "../agent/limits.ts";
import { runLoop } from "../agent/loop.ts";
import type { Model } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import type { Catalogue } from "../crq/catalogue/catalogue.ts";
import type { CrqDiagnostic } from "../crq/model.ts";
import type { Workspace } from "../repo/workspace/workspace.ts";
import { conversation, type SessionState } from "../session/fold.ts";
import { type AskPerson, askPersonTool, type Clarification } from "../tools/ask.ts";
import type { DraftFrame } from "../tools/contract.ts";
import { giveUpTool, submitCrqTool } from "../tools/finish.ts";
import { lookTools } from "../tools/look.ts";
import { describeCheckKinds } from "./facts/check-kinds-text.ts";
import { surveyWorkspace } from "./facts/survey-workspace.ts";
import type { JobPlace } from "./job-place.ts";
import { projectNotesText, readProjectNotes } from "./work/conversation-texts.ts";
import { openDraftJudge } from "./work/draft/draft-judge.ts";

/** From one sentence to a CRQ that passes the strict profile. Looks only; the caller writes the document. */

export interface DraftInput {
  readonly place: JobPlace;
  readonly model: Model;
  readonly workspace: Workspace;
  readonly task: string;
  readonly docs: readonly string[];
  readonly frame: DraftFrame;
  readonly catalogue: Catalogue;
  /** Ids of documents that only a list names: they may be related to, as those of the catalogue. */
  readonly listedIds?: readonly string[];
  /** For the model: entries of lists that were left out, documents that were not read. */
  readonly notes: readonly string[];
  readonly resume?: SessionState;
  /** Asks the person at the terminal; absent: nobody sits there. */
  readonly ask?: AskPerson;
}

export interface DraftResult {
  readonly outcome: Outcome;
  /** The last document handed in; undefined when none was. */
  readonly markdown: string | undefined;
  readonly diagnostics: readonly CrqDiagnostic[];
  readonly tally: Tally;
  /** For the person: what was not read, and what the trial at the base found. */
  readonly notes: readonly string[];
}

const CONVERSATION = "draft";

export async function* draft(input: DraftInput): AsyncGenerator<EventBody, DraftResult> {
  const { place, workspace, frame } = input;
  yield { type: "phase", phase: "survey", detail: `${workspace.baseName.slice(0, 17)}` };
  const clarifications: Clarification[] = [];
  const heard = (said: Clarification): void => {
    clarifications.push(said);
  };
  const survey = surveyWorkspace({
    place,
    workspace,
    docs: input.docs,
    task: input.task,
    draft: frame,
    yes: false,
    heard,
    ...(input.ask && { ask: input.ask }),
  });
  const judge = await openDraftJudge({
    place,
    workspace,
    frame,
    task: input.task,
    catalogue: input.catalogue,
    ...(input.listedIds && { listedIds: input.listedIds }),
    docs: input.docs,
    survey,
    clarifications,
  });
  const project = await readProjectNotes(place, workspace, input.task, input.docs);
  const told = [...projectNotesText(project), ...input.notes];
  const resumed = input.resume && conversation(input.resume, CONVERSATION);
  const loop = runLoop({
    model: input.model,
    system: await place.prompts.text("draft-system", {
      example: await place.prompts.text("example-crq"),
      check_kinds: describeCheckKinds(),
      asking: input.ask ? `${await place.prompts.text("draft-asking")}\n` : "",
    }),
    opening: await place.prompts.text("draft-task", {
      task: input.task,
      id: frame.id,
      notes: told.length === 0 ? "" : `\n\n${told.join("\n\n")}`,
    }),
    name: CONVERSATION,
    limits: place.limits,
    maxOutputTokens: place.maxOutputTokens,
    signal: place.signal,
    now: place.now,
    tools: [
      ...lookTools({ directory: workspace.directory, survey }),
      ...(input.ask ? [askPersonTool(input.ask, heard)] : []),
      submitCrqTool(judge.judge),
      giveUpTool(),
    ],
    mayRunAgain: () => true,
    texts: { nudge: await place.prompts.text("draft-nudge"), goOn: await place.prompts.text("go-on") },
    clean: (text) => place.redact(text.replaceAll(workspace.directory, ".").replaceAll(workspace.origin, "CHECKOUT")),
    ...(resumed && { resume: resumed }),
  });
  let step = await loop.next();
  for (; !step.done; step = await loop.next()) yield step.value;
  const { outcome, tally } = step.value;
  yield { type: "outcome", outcome };
  const { markdown, diagnostics, notes } = judge.last();
  const { survey: seen, leftOut } = await survey();
  return {
    outcome,
    markdown,
    diagnostics,
    tally,
    notes: [
      ...seen.warnings,
      ...leftOut.map((text) => `left out: ${text}`),
      ...project.leftOut.map((text) => `not shown to the model: ${text}`),
      ...notes,
    ],
  };
}
