import { outcomesOf } from "../../../../src/crq/criteria/outcomes.ts";
import { buildReport } from "../../../../src/crq/criteria/report/build-report.ts";
import type { CrqReport } from "../../../../src/crq/criteria/report/evidence.ts";
import { parseCrq } from "../../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH } from "../../fixtures/example.ts";
import { baselineOf, criterion, DOC, observed, RUN, runOf } from "../samples.ts";

export const crq = parseCrq(EXAMPLE_PATH, EXAMPLE);

const DIAGNOSIS = {
  kind: "attribute",
  attribute: "cargo2",
  undefinedVariable: false,
  stage: "eval",
  message: "attribute 'cargo2' missing",
  position: { file: "flake.nix", line: 12, column: 7 },
  excerpt: "",
  next: "Name an attribute that exists.",
  fingerprint: "eval:attribute:flake.nix",
} as const;

const OUTPUT = "/nix/store/00000000000000000000000000000000-greet-1.0";

/** A report with one criterion of each verdict: pass, fail, waived, unavailable, vacuous, manual, skipped. */
export function sampleReport(): CrqReport {
  const [first, ...rest] = crq.criteria;
  if (!first) throw new Error("the example has criteria");
  const seen = [
    { ...observed("fail", "exit"), diagnoses: [DIAGNOSIS] },
    observed("vacuous", "stub"),
    observed("unavailable", "no-nix"),
    observed("pass"),
  ];
  const run = runOf([
    [first, [{ ...observed("pass"), outputs: { out: OUTPUT } }, observed("pass")]],
    ...rest.map((one, at) => [one, [seen[at] ?? observed("pass")]] as const),
    [criterion("AC-6", [{ kind: "manual", ask: "Is it good?", who: "Ada" }]), [observed("manual", "answer-pending")]],
    [criterion("AC-7", [RUN, DOC]), [observed("skipped", "not-selected"), observed("skipped", "not-selected")]],
  ]);
  const baseline = baselineOf([
    ["AC-1.0", "nix-build", "fail", "no-flake"],
    ["AC-1.1", "run", "skipped", "prerequisite"],
  ]);
  const waivers = [{ ac: "AC-3", reason: "no policy yet", by: "human:Ada", until: "2026-12-31" }];
  return buildReport({
    crq,
    hash: `sha256:${"a".repeat(64)}`,
    subject: {
      repo: "greet",
      base: "5f0c1d7e",
      commit: null,
      tree: "abcd",
      dirty: true,
      untracked: ["notes.txt"],
      lockSha256: "1".repeat(64),
    },
    env: {
      crqAgent: "crq-agent@0.1.0",
      nix: "2.26.3",
      world: "small sha256:00",
      system: "x86_64-linux",
      network: false,
      unsafeLocal: true,
    },
    run,
    outcomes: outcomesOf({ run, baseline, acceptedCanaries: new Set(["doc"]), waivers, today: "2026-11-20" }),
    baseline,
    canaries: [{ kind: "doc", verdict: "pass", accepted: true }],
    weakenings: [
      { pattern: "do-check-false", file: "flake.nix", line: 3, waived: false },
      { pattern: "|| true", file: "ci/run tests.sh", line: 9, waived: true },
    ],
    unrequested: ["src/main.rs"],
    tampering: [],
    changes: { "AC-1": { files: ["flake.nix"], commits: ["1234567"] } },
    narHashes: { [OUTPUT]: "2".repeat(64) },
  });
}

/** The same work, done: everything passes or is waived. */
export function doneReport(): CrqReport {
  const report = sampleReport();
  const criteria = report.criteria
    .slice(0, 3)
    .map((one) => (one.verdict === "fail" ? { ...one, verdict: "pass" as const, checks: [] } : one));
  const none = { fail: 0, vacuous: 0, unavailable: 0, skipped: 0, manual: 0 };
  return {
    ...report,
    criteria,
    weakenings: report.weakenings.filter(({ waived }) => waived),
    unrequested: [],
    totals: { ...none, pass: 2, waived: 1, criteria: 3 },
    gate: { ok: true, failures: [] },
  };
}
