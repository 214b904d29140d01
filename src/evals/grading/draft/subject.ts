import { join } from "node:path";
import { readCatalogue } from "../../../crq/catalogue/read.ts";
import type { Baseline } from "../../../crq/criteria/baseline.ts";
import { lint } from "../../../crq/lint/lint.ts";
import type { Crq, CrqDiagnostic } from "../../../crq/model.ts";
import { parseCrq } from "../../../crq/parse.ts";
import { lintContext } from "../../../jobs/facts/lint/lint-context.ts";
import { parseSnippets, snippetsOf } from "../../../jobs/facts/lint/nix-snippets.ts";
import { DEFAULT_NIXPKGS, type ProjectSettings } from "../../../jobs/job-place.ts";
import { createWorkspace } from "../../../repo/workspace/workspace.ts";
import { CONFIG_FILE, type GivenSettings } from "../change/settings.ts";
import type { GradingPlace } from "../place.ts";
import type { OverlayVerdict } from "./try-overlay.ts";

/** One drafted document, read and linted, and what its checks say. */
export interface DraftSubject {
  readonly place: GradingPlace;
  readonly crq: Crq;
  /** Of the strict profile. */
  readonly diagnostics: readonly CrqDiagnostic[];
  /** Of the fixture as it was given. */
  baseline(): Promise<Baseline>;
  /** What the document's checks say of an overlay of the task. */
  tryOverlay(overlay: string): Promise<OverlayVerdict>;
}

/** Where the document is taken to lie. */
export const draftPath = (crqFolder: string): string => `${crqFolder}/CRQ-DRAFT.md`;

/** Reads and lints a draft as the program itself does before it hands one out. */
export async function lintDraft(
  place: GradingPlace,
  markdown: string,
  settings: GivenSettings,
): Promise<{ readonly crq: Crq; readonly diagnostics: readonly CrqDiagnostic[] }> {
  const path = draftPath(settings.crqFolder);
  const { directory } = await createWorkspace(place.repository, join(place.work, "lint"), settings.crqFolder);
  const [context, snippets] = await Promise.all([
    lintContext({
      root: directory,
      settings: projectSettings(settings),
      catalogue: await readCatalogue(directory, settings.crqFolder),
    }),
    parseSnippets(place.nix, snippetsOf([[path, markdown]]), place.work),
  ]);
  const diagnostics = lint(path, markdown, "strict", {
    ...context,
    ...("problems" in snippets && { nixProblems: snippets.problems }),
  }).filter(({ rule }) => !rule.startsWith("id/file-name"));
  return { crq: parseCrq(path, markdown), diagnostics };
}

/** Times and references of a job that grading does not run: only what the linter reads is the project's own. */
const projectSettings = ({ crqFolder, inputPolicy, judgeInputs }: GivenSettings): ProjectSettings => ({
  crqFolder,
  configFile: CONFIG_FILE,
  nixpkgs: DEFAULT_NIXPKGS,
  systems: [],
  inputPolicy,
  judgeInputs,
  noteCharacters: 0,
  buildTimeoutMs: 0,
  evalTimeoutMs: 0,
});
