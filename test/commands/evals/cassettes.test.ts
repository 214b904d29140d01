import { basename, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "../../../src/commands/evals/wiring/cassettes.ts";

test("the folder of a model's cassettes lies in the one that was named, whatever its alias, and is no other model's", () => {
  expect(["gpt", "openai:gpt-5", "a/b", "a_b", "..", "../x", "."].map(fileName)).toEqual([
    ...["gpt", "openai%3Agpt-5", "a%2Fb", "a_b", "%2E%2E", "%2E%2E%2Fx", "%2E"],
  ]);
  const alias = fc.string({ minLength: 1, unit: fc.constantFrom(..."./\\:a_%=\0 ") });
  fc.assert(
    fc.property(alias, alias, (a, b) => {
      expect(basename(join("/cassettes", fileName(a)))).toBe(fileName(a));
      expect(fileName(a) === fileName(b)).toBe(a === b);
    }),
  );
});
