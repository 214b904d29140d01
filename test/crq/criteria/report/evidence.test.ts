import { readFileSync } from "node:fs";
import { type Schema, Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import { outcomesOf } from "../../../../src/crq/criteria/outcomes.ts";
import { buildReport } from "../../../../src/crq/criteria/report/build-report.ts";
import { type CrqReport, reportJsonSchema, reportSchema } from "../../../../src/crq/criteria/report/evidence.ts";
import { observed, runOf } from "../samples.ts";
import { crq, doneReport, sampleReport } from "./sample-report.ts";

describe("crq-report/1", () => {
  test("holds for each criterion what was checked, before and after", () => {
    const report = sampleReport();
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.totals).toEqual({
      pass: 1,
      fail: 1,
      vacuous: 1,
      unavailable: 1,
      skipped: 1,
      waived: 1,
      manual: 1,
      criteria: 7,
    });
    expect(report.criteria[0]).toEqual({
      id: "AC-1",
      line: 31,
      textHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      text: crq.criteria[0]?.text,
      verdict: "pass",
      tier: "build",
      reason: "it was pass",
      baseline: { verdict: "fail", reason: "it was fail (no-flake)" },
      steps: [1],
      changedFiles: ["flake.nix"],
      commits: ["1234567"],
      checks: [
        expect.objectContaining({
          index: 0,
          kind: "nix-build",
          verdict: "pass",
          code: "met",
          counts: { candidates: 1, checked: 1 },
          outputs: [{ name: "out", path: "/nix/store/00000000000000000000000000000000-greet-1.0", narSha256: "2".repeat(64) }],
        }),
        expect.objectContaining({ index: 1, kind: "run", log: { path: "logs/AC-1.1.txt", sha256: "0".repeat(64), bytes: 0 } }),
      ],
    });
    expect(report.gate).toEqual({
      ok: false,
      failures: [
        { rule: "criterion", detail: "fail: it was fail", ac: "AC-2" },
        { rule: "criterion", detail: "unavailable: it was unavailable", ac: "AC-4" },
        {
          rule: "criterion",
          detail: "vacuous: checks of kind doc accepted a known bad example on this machine, so their pass proves nothing",
          ac: "AC-5",
        },
        { rule: "criterion", detail: "manual: it was manual", ac: "AC-6" },
        { rule: "criterion", detail: "skipped: it was skipped", ac: "AC-7" },
        { rule: "canary-accepted", detail: "checks of kind doc accept a known bad example on this machine" },
        {
          rule: "weakening",
          detail:
            "do-check-false at flake.nix:3 weakens what is checked; a person can add a waiver for `do-check-false:flake.nix`",
        },
      ],
    });
  });

  test("its text hash changes with prose and checks", () => {
    const [first] = crq.criteria;
    if (!first) throw new Error("the example has criteria");
    const hash = (change: object): string | undefined => {
      const run = runOf([[{ ...first, ...change }, [observed("pass"), observed("pass")]]]);
      const outcomes = outcomesOf({ run, baseline: undefined, acceptedCanaries: new Set(), waivers: [], today: "2026-11-20" });
      const { subject, env } = sampleReport();
      return buildReport({
        crq,
        hash: undefined,
        subject,
        env,
        run,
        outcomes,
        baseline: undefined,
        canaries: [],
        weakenings: [],
        unrequested: [],
        tampering: [],
        changes: {},
      }).criteria[0]?.textHash;
    };
    expect(new Set([hash({}), hash({ text: "other" }), hash({ need: "any" })]).size).toBe(3);
    expect(hash({})).toBe(hash({}));
  });

  test("keeps the place of a diagnosis, and takes keys out of the document's own text", () => {
    const report = sampleReport();
    expect(report.criteria[1]?.checks[0]?.diagnoses).toEqual([
      {
        kind: "attribute",
        message: "attribute 'cargo2' missing",
        fingerprint: "eval:attribute:flake.nix",
        position: { file: "flake.nix", line: 12, column: 7 },
      },
    ]);
  });

  describe("is published as a JSON Schema", () => {
    const file = new URL("../../../../docs/reference/crq-report-1.schema.json", import.meta.url);
    const published: Schema = JSON.parse(readFileSync(file, "utf8"));
    // Not the library that wrote it.
    const validator = new Validator(published, "2020-12", false);

    test("that is the one of the code", () => {
      expect(published).toEqual(reportJsonSchema());
    });

    test("that accepts reports, as they are written down", () => {
      for (const report of [sampleReport(), doneReport()])
        expect(validator.validate(JSON.parse(JSON.stringify(report))).errors).toEqual([]);
    });

    test.each([
      ["another schema", (report: CrqReport) => ({ ...report, schema: "crq-report/2" })],
      ["an unknown key", (report: CrqReport) => ({ ...report, extra: 1 })],
      ["no gate", ({ gate: _, ...report }: CrqReport) => report],
      [
        "an invented verdict",
        (report: CrqReport) => ({ ...report, criteria: report.criteria.map((one) => ({ ...one, verdict: "passed" })) }),
      ],
    ])("that refuses %s", (_, change) => {
      expect(validator.validate(JSON.parse(JSON.stringify(change(sampleReport())))).valid).toBe(false);
    });
  });
});
