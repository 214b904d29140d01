import { join, resolve } from "node:path";
import { CONFIG_FILE, type Config, readConfig } from "../../config.ts";
import { surveyWorkspace } from "../../jobs/facts/survey-workspace.ts";
import type { SurveyData } from "../../jobs/survey/schema.ts";
import { type Recommended, surveyData } from "../../jobs/survey/survey-data.ts";
import { createWorkspace, locate, pristineCopy, removeCopy, type Workspace } from "../../repo/workspace/workspace.ts";
import { planContext } from "../../rules/plan/context.ts";
import { planFlake } from "../../rules/plan/flake-plan.ts";
import { newSessionId } from "../../session/store.ts";
import { nixSystem } from "../../system/environment/host.ts";
import { tryGit } from "../../system/git.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { documentFolders } from "../catalogue/document-folders.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { workFolderOf } from "../wiring/open-session.ts";
import { surveyReport } from "./survey-report.ts";

interface SurveyOptions extends OutputOptions {
  readonly repo: string;
  readonly docs?: readonly string[];
  readonly at?: string;
}

/** `crq-agent survey`: the facts of a repository and the builder a plan would take, with the line behind each. Runs no code of the repository, needs no Nix, writes nothing. */
export const survey: Verb<[SurveyOptions]> = async (context, ui, options) => {
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const docs = documentFolders(context, root, options.docs, config.docs);
  const commit = options.at === undefined ? undefined : await commitOf(root, git, options.at);
  const data = await surveyOf(context, root, config, docs, commit);
  ui.result({
    text: surveyReport(data),
    json: { schema: "crq-agent/survey/1", ok: true, exit: 0, data, diagnostics: [] },
  });
  return 0;
};

/** @param commit default: HEAD */
export async function surveyOf(
  context: CliContext,
  root: string,
  config: Config,
  docs: readonly string[],
  commit?: string,
): Promise<SurveyData> {
  const work = workFolderOf(context, root, `survey-${newSessionId(new Date(context.now()))}`);
  try {
    const workspace = await workspaceAt(await createWorkspace(root, join(work, "tree"), config.crqs), commit, join(work, "at"));
    const details = await surveyWorkspace({
      place: {
        settings: {
          configFile: CONFIG_FILE,
          nixpkgs: config.nix.nixpkgs,
          inputPolicy: config.policy.inputs,
        },
        nix: { system: nixSystem() },
        now: context.now,
      },
      workspace,
      docs,
      task: undefined,
      yes: false,
    })();
    return surveyData(details, recommend(details));
  } finally {
    await removeCopy(work);
  }
}

/** What apply's rules would decide of the same facts. */
export function recommend(details: SurveyDetails): Recommended | undefined {
  if (details.survey.cargo === undefined) return undefined;
  const plan = planContext(details);
  const planned = planFlake(plan);
  return planned.ok
    ? { choice: plan.builder, remarks: planned.plan.remarks }
    : { choice: plan.builder, remarks: [], obstacle: planned.detail };
}

async function commitOf(root: string, git: boolean, ref: string): Promise<string> {
  if (!git) throw new CommandError("no-git", `${root}: is no git repository, so --at ${ref} names nothing in it; leave --at out`);
  const found = await tryGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], { cwd: root });
  if (found.exit !== 0)
    throw new CommandError(
      "unknown-commit",
      `--at ${ref}: is no commit of ${root}; give a branch, a tag or a commit (git log --oneline)`,
    );
  return found.stdout.trim();
}

/** Documents are read from a copy of the commit that is looked at, as drafts read them. */
async function workspaceAt(workspace: Workspace, commit: string | undefined, directory: string): Promise<Workspace> {
  if (commit === undefined || commit === workspace.base) return workspace;
  await pristineCopy(workspace, commit, directory);
  return { ...workspace, directory, base: commit, baseName: commit, uncommitted: [] };
}
