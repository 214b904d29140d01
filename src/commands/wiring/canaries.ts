import { join } from "node:path";
import { type CanaryOptions, type CanaryResult, runCanaries } from "../../crq/criteria/canaries/run-canaries.ts";
import type { CanaryEvidence } from "../../crq/criteria/report/evidence.ts";
import type { Crq } from "../../crq/model.ts";
import type { JobPlace } from "../../jobs/job-place.ts";
import type { CliContext } from "./context.ts";

/**
 * Whether the check kinds of this CRQ can be trusted here: each is tried on its bad example once per (crq-agent, Nix, system) and machine
 * user; later runs read the answer.
 */
export function canariesOf(
  context: CliContext,
  place: JobPlace,
  crq: Crq,
  unsafeLocal: boolean,
): Promise<readonly CanaryEvidence[]> {
  const kinds = [...new Set(crq.criteria.flatMap((criterion) => criterion.checks.map((check) => check.kind)))];
  const tried = tryCanaries(context, place, { kinds, unsafeLocal }).then((results) =>
    results.map(({ kind, verdict, accepted }) => ({ kind, verdict, accepted })),
  );
  // They run beside the work; whoever waits for them sees a failure, and a run that ends before anybody waited is not ended by it.
  tried.catch(() => undefined);
  return tried;
}

export function tryCanaries(
  context: CliContext,
  place: Pick<JobPlace, "nix" | "environment" | "signal">,
  how: Pick<CanaryOptions, "kinds" | "fresh" | "unsafeLocal">,
): Promise<readonly CanaryResult[]> {
  return runCanaries({
    nix: place.nix,
    environment: place.environment,
    version: context.version,
    cacheFile: join(context.folders.cache, "canaries.json"),
    signal: place.signal,
    ...how,
  });
}
