import type { Config } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { lint } from "../../crq/lint/lint.ts";
import type { Crq } from "../../crq/model.ts";
import { readyToApprove } from "../../jobs/approval.ts";
import { lintContext } from "../../jobs/facts/lint-context.ts";
import { projectSettings } from "../wiring/open-place.ts";

/** The CRQ as it can be approved, judged by the linter's standard profile against this repository. */
export async function readyCrq(crq: Crq, root: string, config: Config): Promise<Crq> {
  // What only Nix can say of snippets is a warning at this profile and stops nobody, so Nix is not asked.
  const catalogue = await readCatalogue(root, config.crqs);
  const context = await lintContext({ root, settings: projectSettings(config), catalogue });
  // A criterion that cannot fail must stop here, whatever a warning-only profile would say of the prose around it.
  const diagnostics = lint(crq.path, crq.source, "standard", context);
  return readyToApprove(crq, diagnostics);
}
