import { join } from "node:path";
import { approvalHash } from "../../../crq/lifecycle/approval.ts";
import type { Crq } from "../../../crq/model.ts";
import { headCommit, isAncestor } from "../../../jobs/facts/commits.ts";
import { REPORTS_FOLDER, readReport } from "../../../jobs/facts/runs/reports.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import { git } from "../../../system/git.ts";
import { CommandError } from "../../wiring/context.ts";

/**
 * The base of a CRQ that names none, once its change is in: the commit that the report beside it started from, if that report is about these
 * criteria and HEAD descends from the commit. Without it a merged change would be judged against itself.
 */
export async function baseOfReport(crq: Crq, workspace: Workspace, crqFolder: string): Promise<string | undefined> {
  const { metadata } = crq;
  if (metadata === undefined || metadata.target?.base !== undefined || !workspace.git) return undefined;
  const read = readReport(join(workspace.origin, crqFolder, REPORTS_FOLDER, metadata.id, "report.json"));
  if (read.kind !== "ok" || read.report.crq.hash !== (approvalHash(crq) ?? null)) return undefined;
  const { base } = read.report.subject;
  return (await isAncestor(workspace.directory, base, workspace.base)) ? base : undefined;
}

/**
 * The full id of the commit a CRQ starts from.
 * @throws CommandError (exit 2) when the repository does not know it or HEAD does not descend from it
 */
export async function baseOf(crq: Crq, workspace: Workspace): Promise<string> {
  const wanted = crq.metadata?.target?.base;
  if (wanted === undefined || wanted.startsWith("tree:")) return workspace.base;
  const head = (await headCommit(workspace.directory)) ?? workspace.base;
  const descends = await isAncestor(workspace.directory, wanted, head);
  if (descends === undefined)
    throw new CommandError(
      "base-unreachable",
      `${crq.path}: its base ${wanted} is no commit of this repository; fetch it, or set target.base to an ancestor of HEAD`,
    );
  if (!descends)
    throw new CommandError(
      "base-unreachable",
      `${crq.path}: its base ${wanted} is no ancestor of HEAD (${head.slice(0, 12)}); check out a branch that holds it, or set target.base to an ancestor of HEAD`,
    );
  return (await git(["rev-parse", `${wanted}^{commit}`], { cwd: workspace.directory })).trim();
}
