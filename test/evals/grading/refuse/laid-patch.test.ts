import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MAX_PATCH_BYTES } from "../../../../src/evals/grading/change/apply-patch.ts";
import { laidPatch } from "../../../../src/evals/grading/refuse/grade-refusal.ts";

test("a patch that is too large is laid over nothing: of a refusal as of a change", async () => {
  const nowhere = join(tmpdir(), "no such place");
  const place = { repository: nowhere, commit: "HEAD", work: nowhere };
  const patch = `diff --git a/x b/x\n${"+x\n".repeat(MAX_PATCH_BYTES / 2)}`;
  expect(await laidPatch(place, patch)).toBe(`the patch has ${patch.length} bytes, at most ${MAX_PATCH_BYTES} are taken`);
  expect(await laidPatch(place, "\n")).toEqual([]);
});
