import { expect, test } from "vitest";
import { SYSTEM } from "../../../../src/crq/criteria/canaries/minimal-flake.ts";
import { expandCheck, outputReferences } from "../../../../src/crq/criteria/check/expand.ts";
import { UnresolvedVariable } from "../../../../src/crq/criteria/check/kind.ts";
import { check } from "../samples.ts";

const OUT = "$" + "{out:AC-2.1}";
const values = {
  system: "x86_64-linux",
  base: "abc",
  out: (ac: string, index: number) => (ac === "AC-2" && index === 1 ? "/nix/store/x" : undefined),
};

test("fills in every string at any depth, and leaves text for people alone", () => {
  const raw = check({
    kind: "command",
    argv: [`${OUT}/bin/x`, SYSTEM],
    why: `costs $${SYSTEM}`,
    stdout: { contains: SYSTEM },
    exit: 3,
  });
  expect(expandCheck(raw, values)).toEqual({
    ...raw,
    argv: ["/nix/store/x/bin/x", "x86_64-linux"],
    stdout: { contains: "x86_64-linux" },
  });
});

test("names the builds a check uses, each once", () => {
  expect(outputReferences(check({ kind: "run", argv: [`${OUT}/a`, OUT, "$" + "{out:AC-1.0}"] }))).toEqual([
    { ac: "AC-2", index: 1 },
    { ac: "AC-1", index: 0 },
  ]);
});

test("says whether a prerequisite is missing or the variable makes no sense", () => {
  const failure = (text: string): unknown => {
    try {
      return expandCheck(check({ kind: "run", argv: [text] }), values);
    } catch (error) {
      return error instanceof UnresolvedVariable ? [error.prerequisite, error.message] : error;
    }
  };
  expect([failure("$" + "{out:AC-9.0}"), failure("$" + "{HOME}")]).toEqual([
    [true, "$" + "{out:AC-9.0} cannot be filled in: its build has not passed"],
    [false, "$" + "{HOME} cannot be filled in: it has no value"],
  ]);
});
