import { createHash } from "node:crypto";
import type { CrqReport } from "../../crq/criteria/report/evidence.ts";
import { approvalState } from "../../crq/lifecycle/approval.ts";
import { close, mayFollow } from "../../crq/lifecycle/transitions.ts";
import type { Crq } from "../../crq/model.ts";
import { REPORTS_FOLDER } from "../facts/runs/reports.ts";
import { handedOverFiles } from "../work/acceptance/evidence-files.ts";
import { NotApplicable, whyNot } from "./approval.ts";

/** @throws NotApplicable when a CRQ cannot be closed whatever its criteria say: 5 an approval is missing, 2 its status */
export function requireClosable(crq: Crq): void {
  const status = crq.metadata?.status ?? "draft";
  const approval = approvalState(crq);
  if (mayFollow(status, "closed") && approval.state === "valid") return;
  if (!mayFollow(status, "closed") && !mayFollow(status, "approved") && status !== "draft")
    throw new NotApplicable("move-refused", `${crq.path}: is ${status}, and only an approved CRQ can be closed`);
  throw new NotApplicable(
    "not-approved",
    `${crq.path}: ${whyNot(approval)}; run \`crq-agent approve ${crq.path}\`, then close it`,
  );
}

export interface Closed {
  readonly evidence: { readonly report: string; readonly sha256: string; readonly tree: string };
  /** Path inside the repository to text: the reports. They and the document belong together. */
  readonly reports: ReadonlyMap<string, string>;
  /** Of the document. */
  readonly source: string;
}

/**
 * What closing writes: the report under the CRQ folder, and the CRQ with its evidence.
 * @param report of a gate that was ok
 */
export function closing(
  crq: Crq,
  report: CrqReport,
  given: { readonly crqFolder: string; readonly date: string; readonly by: string },
): Closed | { readonly problem: string } {
  if (!report.gate.ok) return { problem: `${crq.path}: its gate is not ok` };
  const files = handedOverFiles(report);
  const folder = `${given.crqFolder}/${REPORTS_FOLDER}/${crq.metadata?.id ?? "CRQ"}`;
  const path = `${folder}/report.json`;
  const sha256 = createHash("sha256").update(files["report.json"]).digest("hex");
  const evidence = { report: path, sha256, tree: report.subject.tree };
  const written = close(crq, evidence, given);
  if ("problem" in written) return written;
  return {
    evidence,
    reports: new Map([
      [path, files["report.json"]],
      [`${folder}/report.md`, files["report.md"]],
    ]),
    source: written.source,
  };
}
