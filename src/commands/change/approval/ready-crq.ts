import type { Config } from "../../../config.ts";
import { readCatalogue } from "../../../crq/catalogue/read.ts";
import { lint } from "../../../crq/lint/lint.ts";
import type { Crq, CrqDiagnostic } from "../../../crq/model.ts";
import { readyToApprove, toProposed } from "../../../jobs/decisions/approval.ts";
import { repositoryFacts } from "../../catalogue/lint-facts.ts";

/** Warnings that somebody who says yes must have seen: they hinder nothing now and are dear later. */
const TOLD: ReadonlySet<string> = new Set(["id/taken-on-other-ref"]);

/** Is given what hinders no approval and should be known before it. */
type Tell = (text: string) => void;

/** The CRQ as it can be approved, judged by the linter's standard profile against this repository. */
export async function readyCrq(crq: Crq, root: string, config: Config, tell: Tell): Promise<Crq> {
  return readyToApprove(crq, await findings(crq, root, config, tell));
}

/** A draft as a proposal, under the same judgement. */
export async function proposedCrq(crq: Crq, root: string, config: Config, tell: Tell): Promise<Crq> {
  return toProposed(crq, await findings(crq, root, config, tell));
}

async function findings(crq: Crq, root: string, config: Config, tell: Tell): Promise<readonly CrqDiagnostic[]> {
  // What only Nix can say of snippets is a warning at this profile and stops nobody, so Nix is not asked.
  const catalogue = await readCatalogue(root, config.crqs);
  const { facts } = await repositoryFacts({ root, config, catalogue });
  // A criterion that cannot fail must stop here, whatever a warning-only profile would say of the prose around it.
  const diagnostics = lint(crq.path, crq.source, "standard", facts);
  for (const { file, line, column, severity, rule, message } of diagnostics)
    if (TOLD.has(rule)) tell(`${file}:${line}:${column} ${severity} ${rule}: ${message}`);
  return diagnostics;
}
