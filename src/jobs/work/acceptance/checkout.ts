import { type Checkout, describeCheckout } from "../../../crq/criteria/report/subject.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import { git } from "../../../system/git.ts";

/** What a report says of the checkout whose files are judged. */

/** Work that is in no commit yet, or in no git repository. */
export const IN_NO_COMMIT: Checkout = { commit: null, dirty: false, untracked: [] };

/** @param tree of the snapshot that is judged: the person may go on editing meanwhile */
export async function checkoutOf(workspace: Workspace, tree: string): Promise<Checkout> {
  if (!workspace.git) return IN_NO_COMMIT;
  const head = await git(["rev-parse", "HEAD", "HEAD^{tree}"], { cwd: workspace.directory });
  const [commit = "", committed] = head.trim().split("\n");
  const dirty = committed !== tree;
  const { untracked } = await describeCheckout(workspace.origin);
  return { commit: dirty ? null : commit, dirty, untracked };
}
