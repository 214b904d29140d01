import { approvalState } from "../../../crq/lifecycle/approval.ts";
import type { Crq } from "../../../crq/model.ts";
import type { ProjectSettings } from "../../job-place.ts";

/**
 * What was changed that decides whether the work counts: the criteria and the policy (crq-format §7.6). One sentence for each, given the paths
 * that differ from the base.
 */
export type GoalPosts = (changed: readonly string[]) => readonly string[];

/** In the agent's worktree: everything below the CRQ folder is a person's, and the host itself adds to it only at the hand-over. */
export const guardedFromAgent =
  ({ crqFolder, configFile }: ProjectSettings): GoalPosts =>
  (changed) =>
    changed.filter((path) => path === configFile || path.startsWith(`${crqFolder}/`)).map((path) => `${path} was changed`);

/**
 * In a checkout, where documents, lists and reports come and go: the policy may not differ from the base, and criteria that somebody approved
 * must be the ones that are run.
 */
export const approvedByPerson =
  (crq: Crq, { configFile }: ProjectSettings): GoalPosts =>
  (changed) => {
    const approval = approvalState(crq);
    return [
      ...(changed.includes(configFile) ? [`${configFile} differs from the base of the CRQ`] : []),
      ...(approval.state === "void"
        ? [`${crq.path}: its scope or criteria were changed after they were approved; approve them anew`]
        : []),
    ];
  };
