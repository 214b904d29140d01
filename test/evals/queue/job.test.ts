import fc from "fast-check";
import { expect, test } from "vitest";
import { jobIdOf } from "../../../src/evals/queue/job.ts";

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;

test("a trial's job has one id, a UUID of version 8, and each further try another one", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{64}$/u), fc.integer({ min: 1, max: 9 }), (key, attempt) => {
      const id = jobIdOf(key, attempt);
      expect(id).toMatch(UUID_V8);
      expect(jobIdOf(key, attempt)).toBe(id);
      expect(jobIdOf(key, attempt + 1)).not.toBe(id);
    }),
  );
});
