import { describe, expect, test } from "vitest";
import { SYSTEM } from "../../../../src/crq/criteria/canaries/minimal-flake.ts";
import { codeSpans } from "../../../../src/crq/criteria/report/changes/explained.ts";
import { attach } from "../../../../src/crq/criteria/weakening/concern.ts";
import type { Criterion } from "../../../../src/crq/model.ts";
import type { Weakening } from "../../../../src/nix/weakening.ts";
import { BUILD, criterion, DOC } from "../samples.ts";

const CHECK = { kind: "flake-check", require: ["test"] };
const LINT = { kind: "flake-check", require: ["lint"] };

/** Ids of the criteria that a weakening is tied to; `gate` for none, nothing where it was asked for. */
function concerned(weakening: Weakening, criteria: readonly Criterion[], steps: readonly string[] = []): readonly string[] {
  const planned = steps.map((text, at) => ({
    number: at + 1,
    text,
    code: codeSpans(text),
    criteria: ["AC-9"],
    place: { line: 1, column: 1 },
  }));
  return attach([weakening], { criteria, steps: planned }).map(({ ac }) => ac ?? "gate");
}

const criteria = (...checks: readonly object[]): readonly Criterion[] =>
  checks.map((one, at) => criterion(`AC-${at + 1}`, [one]));
const inFlake = (pattern: Weakening["pattern"], what?: string): Weakening => ({
  pattern,
  file: "flake.nix",
  line: 3,
  ...(what !== undefined && { what }),
});

describe("a weakening concerns", () => {
  test.each([
    ["whatever builds from the flake", inFlake("doCheck = false"), [BUILD, CHECK, DOC], ["AC-1", "AC-2"]],
    ["the check that is gone", inFlake("check removed", "test"), [CHECK, LINT, { kind: "flake-check" }, DOC], ["AC-1", "AC-3"]],
    [
      "the check that is gone, by its path",
      inFlake("check removed", "checks.x86_64-linux.test"),
      [CHECK, LINT, { kind: "nix-build", attr: `checks.${SYSTEM}.test` }],
      ["AC-1", "AC-3"],
    ],
    [
      "an output that was required",
      inFlake("check removed", "test"),
      [{ kind: "flake-outputs", require: [`checks.${SYSTEM}.test`] }, BUILD],
      ["AC-1"],
    ],
    [
      "the attribute that evaluation names",
      inFlake("doCheck = false", "packages.x86_64-linux.other"),
      [BUILD, { ...BUILD, attr: `packages.${SYSTEM}.other` }],
      ["AC-2"],
    ],
    [
      "every build by which tests run",
      { pattern: "test removed", file: "src/lib.rs", line: 1, what: "adds" },
      [BUILD, CHECK, DOC, { kind: "dev-shell", run: { argv: ["cargo", "test"] } }],
      ["AC-1", "AC-2", "AC-4"],
    ],
    [
      "the script that a command runs",
      { pattern: "|| true", file: "scripts/check.sh", line: 2 },
      [{ kind: "command", script: "bash scripts/check.sh", why: "x" }, BUILD],
      ["AC-1"],
    ],
    [
      "the policy that inputs are judged by",
      { pattern: "policy exception added", file: "crq-agent.toml", line: 1 },
      [{ kind: "flake-inputs" }, BUILD],
      ["AC-1"],
    ],
    [
      "nobody's check: the gate",
      { pattern: "CI step removed", file: ".github/workflows/ci.yml", line: 1 },
      [BUILD, CHECK],
      ["gate"],
    ],
    [
      "the file of a check",
      { pattern: "CI step removed", file: ".github/workflows/ci.yml", line: 1 },
      [{ kind: "file", path: ".github/workflows/ci.yml", regex: "nix" }],
      ["AC-1"],
    ],
    ["not what is only suggested", inFlake("doCheck = false"), [{ ...BUILD, suggested: true }], ["gate"]],
  ] as const)("%s", (_, weakening, checks, expected) => {
    expect(concerned(weakening, criteria(...checks))).toEqual(expected);
  });

  test("the criterion whose words or step name its file", () => {
    const ci = { pattern: "CI step removed", file: ".github/workflows/ci.yml", line: 1 } as const;
    expect(concerned(ci, [criterion("AC-1", [DOC], { text: "`.github/workflows/ci.yml` still runs the tests." })])).toEqual([
      "AC-1",
    ]);
    expect(concerned(ci, [criterion("AC-9", [DOC])], ["Change `.github/workflows/ci.yml` (AC-9)."])).toEqual(["AC-9"]);
    expect(concerned(inFlake("--impure"), [criterion("AC-9", [DOC])], ["Write `flake.nix` (AC-9)."])).toEqual(["gate"]);
  });
});

test("what a person approved to go is no weakening", () => {
  const gone = inFlake("check removed", "old");
  expect(concerned(gone, criteria(BUILD, { kind: "flake-outputs", forbid: [`checks.${SYSTEM}.old`] }))).toEqual([]);
  expect(
    concerned(
      { pattern: "test removed", file: "tests/old.rs", line: 1, what: "a" },
      criteria(CHECK, { kind: "file", path: "tests/old.rs", absent: true }),
    ),
  ).toEqual([]);
});
