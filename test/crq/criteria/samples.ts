import { type Check, checkSchema } from "../../../src/crq/checks.ts";
import type { Baseline, BaselineCheck } from "../../../src/crq/criteria/baseline.ts";
import { type CheckResult, type CheckVerdict, type ReasonCode, result } from "../../../src/crq/criteria/check/result.ts";
import type { AcceptanceRun, CheckRun } from "../../../src/crq/criteria/runner.ts";
import type { Criterion } from "../../../src/crq/model.ts";

/** Small facts for the pure parts, with everything that a test does not speak of filled in. */

const PLACE = { line: 1, column: 1 };

export const check = (raw: object): Check => checkSchema.parse(raw);

export const criterion = (id: string, checks: readonly object[], more: Partial<Criterion> = {}): Criterion => ({
  id,
  text: `${id} holds.`,
  place: PLACE,
  need: "all",
  checks: checks.map(check),
  ...more,
});

export const BUILD = { kind: "nix-build", attr: "packages.x86_64-linux.greet" };
export const RUN = { kind: "run", argv: ["greet"], stdout: { contains: "hello" } };
export const DOC = { kind: "doc", files: ["README.md"], headings: ["Nix"] };

export function observed(verdict: CheckVerdict, code: ReasonCode = verdict === "pass" ? "met" : "mismatch"): CheckResult {
  const checked = verdict === "skipped" || verdict === "unavailable" || verdict === "manual" ? 0 : 1;
  return result(verdict, code, "build", `it was ${verdict}`, { candidates: 1, checked });
}

/** A run in which every check of a criterion has the results given for it. */
export function runOf(criteria: readonly (readonly [Criterion, readonly CheckResult[]])[]): AcceptanceRun {
  return {
    criteria: criteria.map(([of, results]) => ({
      criterion: of,
      checks: of.checks.map((one, index): CheckRun => {
        const seen = results[index];
        if (!seen) throw new Error(`no result for ${of.id}.${index}`);
        const log = { path: `logs/${of.id}.${index}.txt`, sha256: "0".repeat(64), bytes: 0 };
        return { criterion: of.id, index, check: one, result: seen, durationMs: 1500, log };
      }),
    })),
    system: "x86_64-linux",
    nixProcesses: 3,
    durationMs: 4000,
    aborted: false,
  };
}

export function baselineOf(
  checks: readonly (readonly [key: string, kind: string, verdict: CheckVerdict, code: ReasonCode, regression?: boolean])[],
): Baseline {
  return {
    schema: "crq-baseline/1",
    key: "k",
    base: "0".repeat(40),
    checks: checks.map(([key, kind, verdict, code, regression]): BaselineCheck => {
      const [id = "", index = "0"] = key.split(".");
      return {
        criterion: id,
        index: Number(index),
        kind: check(EXAMPLES[kind] ?? { kind }).kind,
        regression: regression ?? false,
        verdict,
        code,
        tier: "build",
        reason: `it was ${verdict} (${code})`,
      };
    }),
  };
}

const EXAMPLES: Readonly<Record<string, object>> = {
  "nix-build": BUILD,
  run: RUN,
  doc: DOC,
  file: { kind: "file", path: "README.md" },
  manual: { kind: "manual", ask: "Is it good?", who: "Ada" },
};
