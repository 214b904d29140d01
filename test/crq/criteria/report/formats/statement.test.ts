import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { statementOf } from "../../../../../src/crq/criteria/report/formats/statement.ts";
import { doneReport, sampleReport } from "../sample-report.ts";

const TEXT = '{"schema":"crq-report/1"}\n';

test("is an in-toto statement of test results about the tree and what was built of it", () => {
  expect(statementOf(sampleReport(), TEXT)).toEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: "greet@tree-without-crqs", digest: { gitTree: "abcd" } },
      {
        name: `/nix/store/${"0".repeat(32)}-greet-1.0`,
        digest: { sha256: "2".repeat(64) },
        annotations: { serialization: "nar" },
      },
    ],
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result: "FAILED",
      configuration: [
        {
          name: "crqs/CRQ-001-nixify-greet.md#scope-and-acceptance",
          digest: { sha256: "a".repeat(64) },
        },
        { name: "flake.lock", digest: { sha256: "1".repeat(64) } },
        {
          name: "environment",
          uri: "pkg:npm/crq-agent@0.1.0",
          annotations: { nix: "2.26.3", system: "x86_64-linux", inputs: "small sha256:00", network: false, unsafeLocal: true },
        },
      ],
      passedTests: ["CRQ-001/AC-1"],
      warnedTests: ["CRQ-001/AC-3"],
      failedTests: ["CRQ-001/AC-2", "CRQ-001/AC-5"],
      crqAgentNeverChecked: ["CRQ-001/AC-4", "CRQ-001/AC-6", "CRQ-001/AC-7"],
      crqAgentReport: {
        name: "report.json",
        digest: { sha256: createHash("sha256").update(TEXT).digest("hex") },
        mediaType: "application/json",
      },
    },
  });
});

test("what was never checked is never PASSED, a waiver is a warning", () => {
  const done = doneReport();
  const commit = "c".repeat(40);
  const resultOf = (report: typeof done): unknown => statementOf(report, TEXT).predicate.result;
  expect(resultOf(done)).toBe("WARNED");
  expect(resultOf({ ...done, totals: { ...done.totals, waived: 0 } })).toBe("PASSED");
  expect(resultOf({ ...done, gate: { ok: false, failures: [] } })).toBe("FAILED");
  expect(statementOf({ ...done, subject: { ...done.subject, commit } }, TEXT).subject[0]).toEqual({
    name: "greet@commit",
    digest: { gitCommit: commit },
  });
});
