import { resolve } from "node:path";
import type { EventBody } from "../agent/events.ts";
import type { Tally } from "../agent/limits.ts";
import { runLoop } from "../agent/loop.ts";
import type { Model } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import type { Catalogue } from "../crq/catalogue/catalogue.ts";
import { lint } from "../crq/lint/lint.ts";
import type { CrqDiagnostic } from "../crq/model.ts";
import type { Workspace } from "../repo/workspace/workspace.ts";
import { conversation, type SessionState } from "../session/fold.ts";
import type { DraftFrame } from "../tools/contract.ts";
import { giveUpTool, submitCrqTool } from "../tools/finish.ts";
import { lookTools } from "../tools/look.ts";
import { describeCheckKinds } from "./facts/check-kinds-text.ts";
import { lintContext } from "./facts/lint-context.ts";
import { parseSnippets, snippetsOf } from "./facts/nix-snippets.ts";
import { surveyWorkspace } from "./facts/survey-workspace.ts";
import type { JobPlace } from "./job-place.ts";

/** From one sentence to a CRQ that passes the strict profile. Looks only; the caller writes the document. */

export interface DraftInput {
  readonly place: JobPlace;
  readonly model: Model;
  readonly workspace: Workspace;
  readonly task: string;
  readonly docs: readonly string[];
  readonly frame: DraftFrame;
  readonly catalogue: Catalogue;
  /** For the model: entries of lists that were left out, documents that were not read. */
  readonly notes: readonly string[];
  readonly resume?: SessionState;
}

export interface DraftResult {
  readonly outcome: Outcome;
  /** The last document handed in; undefined when none was. */
  readonly markdown: string | undefined;
  readonly diagnostics: readonly CrqDiagnostic[];
  readonly tally: Tally;
}

const CONVERSATION = "draft";
/** One document and two repairs (crq-format.md §11.5). */
const TRIES = 3;

export async function* draft(input: DraftInput): AsyncGenerator<EventBody, DraftResult> {
  const { place, workspace, frame } = input;
  yield { type: "phase", phase: "survey", detail: `${workspace.baseName.slice(0, 17)}` };
  const context = await lintContext({
    root: workspace.directory,
    settings: place.settings,
    catalogue: input.catalogue,
    author: frame.author,
    today: frame.created,
    base: frame.base,
    systems: frame.systems,
    docs: input.docs.map((path) => resolve(workspace.origin, path)),
  });
  const resumed = input.resume && conversation(input.resume, CONVERSATION);
  let markdown: string | undefined;
  let diagnostics: readonly CrqDiagnostic[] = [];
  let tries = 0;
  const survey = surveyWorkspace({ place, workspace, docs: input.docs, task: input.task, draft: frame, yes: false });
  const judge = async (text: string) => {
    markdown = text.endsWith("\n") ? text : `${text}\n`;
    const path = `${place.settings.crqFolder}/${frame.id}.md`;
    const snippets = await parseSnippets(place.nix, snippetsOf([[path, markdown]]), place.workFolder);
    const known = {
      ...context,
      contradictions: (await survey()).contradictions,
      ...("problems" in snippets && { nixProblems: snippets.problems }),
    };
    diagnostics = lint(path, markdown, "strict", known).filter(({ rule }) => !rule.startsWith("id/file-name"));
    tries += 1;
    const accepted = diagnostics.every(({ severity }) => severity !== "error");
    return { accepted, final: tries >= TRIES, diagnostics };
  };
  const loop = runLoop({
    model: input.model,
    system: await place.prompts.text("draft-system", {
      example: await place.prompts.text("example-crq"),
      check_kinds: describeCheckKinds(),
    }),
    opening: await place.prompts.text("draft-task", {
      task: input.task,
      id: frame.id,
      notes: input.notes.length === 0 ? "" : `\n\n${input.notes.join("\n")}`,
    }),
    name: CONVERSATION,
    limits: place.limits,
    maxOutputTokens: place.maxOutputTokens,
    signal: place.signal,
    now: place.now,
    tools: [
      ...lookTools({
        directory: workspace.directory,
        survey,
      }),
      submitCrqTool(judge),
      giveUpTool(),
    ],
    mayRunAgain: () => true,
    texts: { nudge: await place.prompts.text("draft-nudge"), goOn: await place.prompts.text("go-on") },
    clean: (text) => text.replaceAll(workspace.directory, ".").replaceAll(workspace.origin, "CHECKOUT"),
    ...(resumed && { resume: resumed }),
  });
  let step = await loop.next();
  for (; !step.done; step = await loop.next()) yield step.value;
  const { outcome, tally } = step.value;
  yield { type: "outcome", outcome };
  return { outcome, markdown, diagnostics, tally };
}
