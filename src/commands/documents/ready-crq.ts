import type { Config } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { lint } from "../../crq/lint/lint.ts";
import type { Crq, CrqDiagnostic } from "../../crq/model.ts";
import { readyToApprove, toProposed } from "../../jobs/approval.ts";
import { lintContext } from "../../jobs/facts/lint-context.ts";
import { projectSettings } from "../wiring/open-place.ts";

/** The CRQ as it can be approved, judged by the linter's standard profile against this repository. */
export async function readyCrq(crq: Crq, root: string, config: Config): Promise<Crq> {
  return readyToApprove(crq, await findings(crq, root, config));
}

/** A draft as a proposal, under the same judgement. */
export async function proposedCrq(crq: Crq, root: string, config: Config): Promise<Crq> {
  return toProposed(crq, await findings(crq, root, config));
}

async function findings(crq: Crq, root: string, config: Config): Promise<readonly CrqDiagnostic[]> {
  // What only Nix can say of snippets is a warning at this profile and stops nobody, so Nix is not asked.
  const catalogue = await readCatalogue(root, config.crqs);
  const context = await lintContext({ root, settings: projectSettings(config), catalogue });
  // A criterion that cannot fail must stop here, whatever a warning-only profile would say of the prose around it.
  return lint(crq.path, crq.source, "standard", context);
}
