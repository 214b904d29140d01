import { isSameId } from "../../../catalogue/catalogue.ts";
import type { Crq } from "../../../model.ts";
import { explainer, isBelow } from "./explained.ts";

/** Which of the changed files and commits belong to which criterion (crq-format §8). Pure. */

/** A commit after the base, as far as its trailers and paths say what it was made for. */
export interface TrailedCommit {
  /** Full id. */
  readonly commit: string;
  /** Ids of its `CRQ:` trailers. */
  readonly crqs: readonly string[];
  /** Ids of its `AC:` trailers. */
  readonly criteria: readonly string[];
  /** Paths that it changes; empty for a merge. */
  readonly paths: readonly string[];
}

export interface CriterionChanges {
  readonly files: readonly string[];
  readonly commits: readonly string[];
}

/**
 * Commits: those whose trailers name the CRQ and the criterion. Files, of the paths that differ from the base: those that the criterion's checks,
 * its text or its steps of the plan name, and those of commits that were made for this criterion alone. A commit that names several criteria, as
 * the one of a hand-over does, does not say which file is for which.
 */
export function changesByCriterion(
  crq: Crq,
  changed: readonly string[],
  commits: readonly TrailedCommit[],
  crqDirectory: string,
): Readonly<Record<string, CriterionChanges>> {
  const explain = explainer(crq);
  const id = crq.metadata?.id ?? crq.title?.id;
  const own = commits.filter(({ crqs }) => id !== undefined && crqs.some((one) => isSameId(one, id)));
  const paths = changed.filter((path) => !isBelow(path, crqDirectory)).map((path) => ({ path, why: explain(path) }));
  return Object.fromEntries(
    crq.criteria.map((criterion) => {
      const named = own.filter(({ criteria }) => criteria.includes(criterion.id));
      const alone = new Set(named.filter(({ criteria }) => criteria.length === 1).flatMap((commit) => commit.paths));
      const files = paths.filter(
        ({ path, why }) =>
          alone.has(path) ||
          why.criteria.some((one) => one.id === criterion.id) ||
          why.steps.some((step) => step.criteria.includes(criterion.id)),
      );
      return [criterion.id, { files: files.map(({ path }) => path), commits: named.map(({ commit }) => commit) }];
    }),
  );
}
