import { expect, test } from "vitest";
import { allowedNames, nearest } from "../../../src/crq/toml/suggest.ts";

const NAMES = ["status", "kind", "min-inputs", "files"];

test.each([
  ["staus", "status"],
  ["sttaus", "status"],
  ["Status", "status"],
  ["min_inputs", "min-inputs"],
  ["file", "files"],
  ["knd", "kind"],
  ["find", "kind"],
  ["wine", undefined],
  ["priority", undefined],
  ["", undefined],
  ["x".repeat(10_000), undefined],
])("%s → %s", (name, expected) => {
  expect(nearest(name, NAMES)).toBe(expected);
});

test("allowedNames puts the probable one first", () => {
  expect(allowedNames("staus", NAMES)).toBe("did you mean `status`? allowed: status, kind, min-inputs, files");
  expect(allowedNames("zzz", NAMES)).toBe("allowed: status, kind, min-inputs, files");
});
