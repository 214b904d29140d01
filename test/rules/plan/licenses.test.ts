import { expect, it } from "vitest";
import { licensesOf } from "../../../src/rules/plan/licenses.ts";

it.each([
  ["MIT", ["mit"]],
  ["MIT OR Apache-2.0", ["mit", "asl20"]],
  ["MIT/Apache-2.0", ["mit", "asl20"]],
  ["(MIT OR Unlicense)", ["mit", "unlicense"]],
  ["GPL-3.0-or-later", ["gpl3Plus"]],
  ["GPL-3.0", undefined],
  ["Apache-2.0 WITH LLVM-exception", undefined],
  ["MIT AND BSD-3-Clause", undefined],
  ["(MIT OR Apache-2.0) AND Unicode-3.0", undefined],
  ["constructor", undefined],
  [undefined, undefined],
])("the licences of %s are %j", (expression, names) => expect(licensesOf(expression)).toEqual(names));
