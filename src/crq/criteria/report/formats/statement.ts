import { createHash } from "node:crypto";
import type { CrqReport } from "../evidence.ts";
import { isNeverChecked } from "./checked.ts";

/**
 * The report as an unsigned in-toto statement (https://in-toto.io/Statement/v1) with the predicate "test result"
 * (https://in-toto.io/attestation/test-result/v0.1): subjects are what was judged and what was built of it, tests are the criteria.
 */
export function statementOf(report: CrqReport, reportText: string) {
  const { criteria, gate, totals } = report;
  const named = (wanted: (criterion: CrqReport["criteria"][number]) => boolean): string[] =>
    criteria.filter(wanted).map(({ id }) => `${report.crq.id}/${id}`);
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [...judged(report), ...built(report)],
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result: gate.ok ? (totals.waived > 0 ? "WARNED" : "PASSED") : "FAILED",
      configuration: configuration(report),
      passedTests: named(({ verdict }) => verdict === "pass"),
      warnedTests: named(({ verdict }) => verdict === "waived"),
      failedTests: named(({ verdict }) => verdict === "fail" || verdict === "vacuous"),
      // Extension fields: what the predicate has no word for. Ignoring them never makes a result better.
      crqAgentNeverChecked: named(({ verdict }) => isNeverChecked(verdict)),
      crqAgentReport: { name: "report.json", digest: { sha256: sha256(reportText) }, mediaType: "application/json" },
    },
  };
}

function judged({ subject, crq }: CrqReport) {
  const folder = crq.path.includes("/") ? crq.path.slice(0, crq.path.indexOf("/")) : "the CRQ folder";
  return [
    ...(subject.commit === null ? [] : [{ name: `${subject.repo}@commit`, digest: { gitCommit: subject.commit } }]),
    { name: `${subject.repo}@tree-without-${folder}`, digest: { gitTree: subject.tree } },
  ];
}

/** One subject a store path; what several checks built is named once. */
function built({ criteria }: CrqReport) {
  const outputs = criteria.flatMap(({ checks }) => checks.flatMap((check) => check.outputs ?? []));
  const hashes = new Map(outputs.flatMap(({ path, narSha256 }) => (narSha256 === null ? [] : [[path, narSha256] as const])));
  return [...hashes].map(([path, hash]) => ({ name: path, digest: { sha256: hash }, annotations: { serialization: "nar" } }));
}

function configuration({ crq, subject, env }: CrqReport) {
  return [
    ...(crq.hash === null
      ? []
      : [
          {
            // The digest is of these two sections in their normal form (the approval's hash), not of the file.
            name: `${crq.path}#scope-and-acceptance`,
            digest: { sha256: crq.hash.replace(/^sha256:/u, "") },
          },
        ]),
    ...(subject.lockSha256 === null ? [] : [{ name: "flake.lock", digest: { sha256: subject.lockSha256 } }]),
    {
      name: "environment",
      uri: `pkg:npm/${env.crqAgent}`,
      annotations: { nix: env.nix, system: env.system, inputs: env.world, network: env.network, unsafeLocal: env.unsafeLocal },
    },
  ];
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
