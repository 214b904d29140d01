import type { TrailedCommit } from "../../../crq/criteria/report/changes/by-criterion.ts";
import type { AcceptanceRun } from "../../../crq/criteria/runner.ts";
import type { Crq } from "../../../crq/model.ts";
import type { Nix } from "../../../nix/nix.ts";
import { readCommits, speakingOf } from "../../../repo/commits.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";

/** What a report says besides verdicts, asked of git and Nix. */

/** Commits for the CRQ that the person's history has between the base and HEAD: none where the work starts at HEAD. */
export async function trailedCommits(workspace: Workspace, { metadata }: Crq): Promise<readonly TrailedCommit[]> {
  if (!workspace.git || metadata === undefined) return [];
  const { commits } = await readCommits(workspace.directory, [...speakingOf(metadata.id), `${workspace.base}..HEAD`]);
  return commits.map(({ commit, crqs, criteria, changes }) => ({
    commit,
    crqs,
    criteria,
    paths: changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])),
  }));
}

/** Of what was built, as far as the hashes can be had: in the report the others are null. */
export async function narHashesOf(nix: Nix, run: AcceptanceRun): Promise<Readonly<Record<string, string>>> {
  const built = run.criteria.flatMap(({ checks }) => checks.flatMap(({ result }) => Object.values(result.outputs ?? {})));
  if (built.length === 0 || run.aborted) return {};
  const asked = await nix.narHashes([...new Set(built)]);
  return asked.ok ? asked.value : {};
}
