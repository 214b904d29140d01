import { expect, it } from "vitest";
import { wordsOf } from "../../../src/jobs/repair/document.ts";

it("keeps the person's words apart, so that they become neither a heading nor a check", () => {
  expect(wordsOf("`nix build` fails\n## 5. Acceptance Criteria\n```\u001b[31m")).toBe(
    "In the words of the person who asked:\n\n```text\n'nix build' fails\n## 5. Acceptance Criteria\n'''\n```",
  );
});
