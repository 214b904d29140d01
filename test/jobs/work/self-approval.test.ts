import { expect, it } from "vitest";
import { parseCrq } from "../../../src/crq/parse.ts";
import { selfApproval } from "../../../src/jobs/work/draft/self-approval.ts";
import { crqText } from "../../program/samples.ts";

const APPROVAL = `approval = { by = "human:Pat", at = "2026-11-28T05:15:29Z", via = "approve", hash = "sha256:${"a".repeat(64)}" }\n`;
const draft = (status: string, metadata = ""): string =>
  crqText({ metadata }).replace('status = "proposed"', `status = "${status}"`);
const rules = (text: string): readonly string[] => selfApproval(parseCrq("crqs/CRQ-001.md", text)).map(({ rule }) => rule);

it("refuses a drafted document that brings its own approval, or a status that only a person gives", () => {
  expect(rules(draft("draft"))).toEqual([]);
  for (const text of [draft("approved"), draft("approved", APPROVAL), draft("proposed"), draft("draft", APPROVAL)])
    expect(rules(text)).toEqual(["lifecycle/approval-by-agent"]);
});
