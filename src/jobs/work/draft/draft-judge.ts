import { resolve } from "node:path";
import type { Catalogue } from "../../../crq/catalogue/catalogue.ts";
import { lint } from "../../../crq/lint/lint.ts";
import type { LintContext } from "../../../crq/lint/rule.ts";
import type { Crq, CrqDiagnostic, SectionName } from "../../../crq/model.ts";
import { parseCrq } from "../../../crq/parse.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import type { Clarification } from "../../../tools/ask.ts";
import type { DraftFrame, SurveyDetails } from "../../../tools/contract.ts";
import { lintContext } from "../../facts/lint/lint-context.ts";
import { parseSnippets, snippetsOf } from "../../facts/lint/nix-snippets.ts";
import type { JobPlace } from "../../job-place.ts";
import { tryAtBase } from "./base-trial.ts";
import { unfoundedWaivers } from "./proposed-waivers.ts";
import { selfApproval } from "./self-approval.ts";

/** Judges each document that a model hands in, whichever model it is: the strict profile, then the trial of its checks at the base. */

export interface DraftJudgeInput {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  readonly frame: DraftFrame;
  /** The person's own words. */
  readonly task: string;
  readonly catalogue: Catalogue;
  /** Ids of documents that only a list names: they may be related to. */
  readonly listedIds?: readonly string[];
  readonly docs: readonly string[];
  readonly survey: () => Promise<SurveyDetails>;
  /** What a person was asked so far and answered. */
  readonly clarifications: readonly Clarification[];
}

export interface JudgedDraft {
  /** The last document handed in, with what the trial marked in it; undefined when none was. */
  readonly markdown: string | undefined;
  readonly diagnostics: readonly CrqDiagnostic[];
  readonly notes: readonly string[];
}

/** One document and two repairs (crq-format.md §11.5). */
const TRIES = 3;

export async function openDraftJudge(input: DraftJudgeInput) {
  const { place, workspace, frame } = input;
  const path = `${place.settings.crqFolder}/${frame.id}.md`;
  const context = await lintContext({
    root: workspace.directory,
    settings: place.settings,
    catalogue: input.catalogue,
    ...(input.listedIds && { listedIds: input.listedIds }),
    author: frame.author,
    today: frame.created,
    base: frame.base,
    systems: frame.systems,
    docs: input.docs.map((given) => resolve(workspace.origin, given)),
  });
  let last: JudgedDraft = { markdown: undefined, diagnostics: [], notes: [] };
  let tries = 0;

  const findings = async (markdown: string): Promise<readonly CrqDiagnostic[]> => {
    const snippets = await parseSnippets(place.nix, snippetsOf([[path, markdown]]), place.workFolder);
    const known: LintContext = {
      ...context,
      contradictions: (await input.survey()).contradictions,
      ...("problems" in snippets && { nixProblems: snippets.problems }),
    };
    return [
      ...lint(path, markdown, "strict", known).filter(({ rule }) => !rule.startsWith("id/file-name")),
      ...unlogged(parseCrq(path, markdown), input.clarifications),
      ...unfoundedWaivers(parseCrq(path, markdown), frame.author, input.task),
      ...selfApproval(parseCrq(path, markdown)),
    ];
  };
  const isSound = (found: readonly CrqDiagnostic[]): boolean => found.every(({ severity }) => severity !== "error");

  const judge = async (text: string) => {
    tries += 1;
    const markdown = text.endsWith("\n") ? text : `${text}\n`;
    last = { markdown, diagnostics: await findings(markdown), notes: [] };
    if (isSound(last.diagnostics)) {
      const trial = await tryAtBase(path, markdown, place, workspace);
      const diagnostics = trial.markdown === markdown ? last.diagnostics : await findings(trial.markdown);
      const crq = parseCrq(path, trial.markdown);
      const open = crq.questions.some(({ answer }) => answer === undefined);
      last = {
        markdown: trial.markdown,
        diagnostics: trial.asks || open ? diagnostics : [...diagnostics, asksForNothing(crq)],
        notes: trial.notes,
      };
    }
    return { accepted: isSound(last.diagnostics), final: tries >= TRIES, diagnostics: last.diagnostics, notes: last.notes };
  };
  return { judge, last: () => last };
}

const inSection = (crq: Crq, name: SectionName) => crq.sections.find((section) => section.name === name);

function asksForNothing(crq: Crq): CrqDiagnostic {
  const place = inSection(crq, "Acceptance Criteria")?.place ?? { line: 1, column: 1 };
  return {
    severity: "error",
    rule: "baseline/nothing-red",
    message:
      "every check holds before the change already, so meeting them proves nothing; add a check that is false now, or ask in section 9 what would show that the wish is met",
    file: crq.path,
    ...place,
  };
}

/** What a person answered stands in section 10, so that whoever approves sees what the draft rests on. */
function unlogged(crq: Crq, clarifications: readonly Clarification[]): readonly CrqDiagnostic[] {
  const section = inSection(crq, "Clarifications");
  const text = section ? crq.source.slice(section.body.start, section.body.end).replace(/\s+/g, " ") : "";
  return clarifications
    .filter(({ answer }) => !text.includes(answer.replace(/\s+/g, " ")))
    .map(({ question, answer }) => ({
      severity: "error",
      rule: "lifecycle/unlogged-clarification",
      message: `section 10 does not say what the person answered: add the item \`DATE: ${question} Answer: ${answer}\``,
      file: crq.path,
      ...(section?.place ?? { line: 1, column: 1 }),
    }));
}
