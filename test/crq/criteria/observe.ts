import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { CheckResult } from "../../../src/crq/criteria/check/result.ts";
import { type AcceptanceOptions, type AcceptanceRun, runAcceptance } from "../../../src/crq/criteria/runner.ts";
import type { Criterion, Metadata } from "../../../src/crq/model.ts";
import { change, type FileContent, lay, type RealPlace, repository } from "./real-environment.ts";
import { criterion } from "./samples.ts";

/** A target made of files, and what its checks say. */

export interface Scenario {
  /** The commit the change starts from. */
  readonly base?: Readonly<Record<string, FileContent>>;
  /** Laid over it, known to git. */
  readonly change?: Readonly<Record<string, FileContent>>;
  /** Laid over it, unknown to git. */
  readonly untracked?: Readonly<Record<string, FileContent>>;
  /** Entries of the block of AC-1. */
  readonly checks?: readonly object[];
  readonly criteria?: readonly Criterion[];
  readonly metadata?: Metadata;
  readonly options?: Partial<AcceptanceOptions>;
  /** What files alone cannot say; git is told about all of it. */
  readonly prepare?: (directory: string) => void | Promise<void>;
}

export interface Observed {
  readonly run: AcceptanceRun;
  readonly directory: string;
  readonly base: string;
  /** Session folder, which holds the logs. */
  readonly folder: string;
  /** All results in the order of the document. */
  readonly results: readonly CheckResult[];
  /** `verdict code (tier) n/m: reason` of each. */
  readonly lines: readonly string[];
}

export async function observe(place: RealPlace, scenario: Scenario): Promise<Observed> {
  const folder = mkdtempSync(join(place.folder, "scenario-"));
  const { directory, base } = repository(join(folder, "repo"), scenario.base ?? { "README.md": "# Greet\n" });
  if (scenario.change) change(directory, scenario.change);
  await scenario.prepare?.(directory);
  if (scenario.prepare) change(directory, {});
  if (scenario.untracked) lay(directory, scenario.untracked);
  const run = await runAcceptance({
    crq: { metadata: scenario.metadata, criteria: scenario.criteria ?? [criterion("AC-1", scenario.checks ?? [])] },
    target: { directory, base },
    nix: place.nix,
    environment: place.environment,
    folder,
    now: new Date("2026-11-20T12:00:00Z"),
    ...scenario.options,
  });
  const results = run.criteria.flatMap((one) => one.checks.map((check) => check.result));
  return { run, directory, base, folder, results, lines: results.map((result) => line(result, directory)) };
}

function line({ verdict, code, tier, counts, reason }: CheckResult, directory: string): string {
  return `${verdict} ${code} (${tier}) ${counts.checked}/${counts.candidates}: ${reason.replaceAll(directory, "DIR")}`;
}
