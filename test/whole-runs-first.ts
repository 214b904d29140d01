import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files start the real program or real builds again and again: a minute each, whatever their size. */
const WHOLE_RUNS = /\/test\/(?:scenarios|program|docs|world-content)\//u;

/**
 * Whole runs before everything else. Vitest takes the longest files first, but in a fresh clone it knows sizes only, and a scenario of twenty lines
 * would run last, alone beside an idle core.
 */
export class WholeRunsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const known = sorted.every((file) => this.ctx.cache.getTestSpecificationResult(file) !== undefined);
    return known ? sorted : sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

const rank = ({ moduleId }: TestSpecification): number => {
  const folder = moduleId.match(WHOLE_RUNS)?.[0];
  return folder === undefined ? 2 : folder.endsWith("/scenarios/") ? 0 : 1;
};
