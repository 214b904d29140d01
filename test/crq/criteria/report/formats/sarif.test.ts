import { expect, test } from "vitest";
import { sarifOf } from "../../../../../src/crq/criteria/report/formats/sarif.ts";
import { doneReport, sampleReport } from "../sample-report.ts";

const run = (report = sampleReport()) => {
  const [first, ...others] = sarifOf(report).runs;
  if (first === undefined || others.length > 0) throw new Error("a log of one run");
  return first;
};

test("says of each criterion what was found out: only what was checked and clean is a pass", () => {
  const results = run().results.filter(({ ruleId }) => ruleId.startsWith("CRQ-001/"));
  expect(results.map(({ ruleId, kind, level, properties }) => [ruleId, properties.verdict, kind, level])).toEqual([
    ["CRQ-001/AC-1", "pass", "pass", "none"],
    ["CRQ-001/AC-2", "fail", "fail", "error"],
    ["CRQ-001/AC-3", "waived", "fail", "error"],
    ["CRQ-001/AC-4", "unavailable", "open", "none"],
    ["CRQ-001/AC-5", "vacuous", "fail", "error"],
    ["CRQ-001/AC-6", "manual", "review", "none"],
    ["CRQ-001/AC-7", "skipped", "open", "none"],
  ]);
});

test("suppresses what a person waived, and nothing else", () => {
  expect(run().results.flatMap((result) => (result.suppressions ? [[result.ruleId, result.suppressions]] : []))).toEqual([
    [
      "CRQ-001/AC-3",
      [
        {
          kind: "external",
          status: "accepted",
          justification: "no policy yet (waived by human:Ada until 2026-12-31; vacuous: it was vacuous)",
        },
      ],
    ],
    ["weakening/true", [{ kind: "external", status: "accepted", justification: "a person waived it in the CRQ" }]],
  ]);
});

test("points at the place that a diagnosis names, else at the criterion", () => {
  const [pass, fail] = run().results;
  const crq = (startLine: number) => ({
    physicalLocation: { artifactLocation: { uri: "crqs/CRQ-001-nixify-greet.md" }, region: { startLine } },
  });
  expect(pass?.locations).toEqual([crq(31)]);
  expect(fail).toMatchObject({
    message: { text: "AC-2 fail (checked, does not hold): it was fail" },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "flake.nix" }, region: { startLine: 12, startColumn: 7 } },
        message: { text: "attribute 'cargo2' missing" },
      },
    ],
    relatedLocations: [{ id: 0, ...crq(42) }],
  });
});

test.each(["/nix/store/abc-source/flake.nix", "«string»", "<nix/fetchurl.nix>", "../x.nix", "https://example.org/x.nix"])(
  "does not point at %s, which is no place of the repository",
  (file) => {
    const report = sampleReport();
    const criteria = report.criteria.map((one) => ({
      ...one,
      checks: one.checks.map((check) => ({
        ...check,
        diagnoses: check.diagnoses.map((diagnosis) => ({ ...diagnosis, position: { file, line: 1, column: 1 } })),
      })),
    }));
    const uris = run({ ...report, criteria }).results.flatMap(({ locations }) =>
      locations.map(({ physicalLocation }) => physicalLocation.artifactLocation.uri),
    );
    expect(new Set(uris)).toEqual(new Set(["crqs/CRQ-001-nixify-greet.md", "flake.nix", "ci/run%20tests.sh", "src/main.rs"]));
  },
);

test("holds weakenings, unrequested changes and what else keeps the gate shut, each under a rule that is declared", () => {
  const { results, tool } = run();
  const others = results.filter(({ ruleId }) => !ruleId.startsWith("CRQ-001/"));
  expect(others.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual([
    ["gate/canary-accepted", "fail", "error"],
    ["weakening/do-check-false", "fail", "error"],
    ["weakening/true", "fail", "error"],
    ["unrequested-change", "fail", "warning"],
  ]);
  expect(tool.driver.rules.map(({ id }) => id).sort()).toEqual([...new Set(results.map(({ ruleId }) => ruleId))].sort());
});

test("a machine that could not judge the baseline leaves it open", () => {
  const report = { ...doneReport(), gate: { ok: false, failures: [{ rule: "no-baseline" as const, detail: "not tried" }] } };
  expect(run(report).results.at(-2)).toMatchObject({ ruleId: "gate/no-baseline", kind: "open", level: "none" });
  expect(run(report).invocations).toEqual([{ executionSuccessful: true, exitCode: 4 }]);
});
