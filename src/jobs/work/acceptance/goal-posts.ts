import type { Target } from "../../../crq/criteria/target.ts";
import { approvalState } from "../../../crq/lifecycle/approval.ts";
import type { Crq } from "../../../crq/model.ts";
import type { ProjectSettings } from "../../job-place.ts";

/**
 * What was changed that decides whether the work counts: the criteria and the policy (crq-format §7.6). One sentence for each, given the paths
 * that differ from the base.
 */
export type GoalPosts = (changed: readonly string[], target: Pick<Target, "atBase">) => Promise<readonly string[]>;

/** In the agent's worktree: everything below the CRQ folder is a person's, and the host itself adds to it only at the hand-over. */
export const guardedFromAgent =
  ({ crqFolder, configFile }: ProjectSettings): GoalPosts =>
  async (changed) =>
    changed.filter((path) => path === configFile || path.startsWith(`${crqFolder}/`)).map((path) => `${path} was changed`);

/**
 * In a checkout, where documents, lists and reports come and go: a policy that stood at the base may not be another one now, and criteria that
 * somebody approved must be the ones that are run. A first crq-agent.toml takes nothing away: without one only local inputs are refused.
 */
export const approvedByPerson =
  (crq: Crq, { configFile }: ProjectSettings): GoalPosts =>
  async (changed, target) => {
    const approval = approvalState(crq);
    const isOther = changed.includes(configFile) && (await target.atBase(configFile)) !== undefined;
    return [
      ...(isOther
        ? [
            `${configFile} differs from the base of the CRQ; take the change back, or let a person set target.base to a commit that holds it`,
          ]
        : []),
      ...(approval.state === "void"
        ? [`${crq.path}: its scope or criteria were changed after they were approved; approve them anew`]
        : []),
    ];
  };
