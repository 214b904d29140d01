import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MAX_PATCH_BYTES } from "../../../../src/evals/grading/change/apply-patch.ts";
import { laidPatch } from "../../../../src/evals/grading/refuse/grade-refusal.ts";

test("a patch that is too large is laid over nothing: of a refusal as of a change", async () => {
  const nowhere = join(tmpdir(), "no such place");
  const place = { repository: nowhere, commit: "HEAD", work: nowhere };
  expect(await laidPatch(place, `diff --git a/x b/x\n${"+x\n".repeat(MAX_PATCH_BYTES / 3)}`)).toBe(
    `the patch has ${19 + 3 * Math.ceil(MAX_PATCH_BYTES / 3)} bytes, at most ${MAX_PATCH_BYTES} are taken`,
  );
  expect(await laidPatch(place, "\n")).toEqual([]);
});
