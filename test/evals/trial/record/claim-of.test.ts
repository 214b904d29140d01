import { expect, test } from "vitest";
import type { Event } from "../../../../src/agent/events.ts";
import type { Outcome } from "../../../../src/agent/outcome.ts";
import { claimOf, readDocument } from "../../../../src/evals/trial/record/claim-of.ts";

const document = (exit: number, data: unknown, message?: string) =>
  readDocument(
    JSON.stringify({ schema: "x", ok: exit === 0, exit, data, diagnostics: message === undefined ? [] : [{ message }] }),
  );
const ended = (outcome: Outcome): Event => ({ type: "outcome", outcome, seq: 0, at: 0 });

test.each<[string, Parameters<typeof claimOf>[0], Readonly<Record<string, unknown>>]>([
  [
    "an apply with its report",
    {
      exit: 0,
      document: document(0, { outcome: { kind: "done" }, report: { criteria: [{ id: "AC-1", verdict: "pass", more: 1 }] } }),
      events: [],
    },
    { outcome: "done", success: true, criteria: [{ id: "AC-1", verdict: "pass" }] },
  ],
  [
    "a repair with its proof",
    {
      exit: 1,
      document: document(1, {
        outcome: { kind: "unmet", detail: "d" },
        proof: { report: { criteria: [{ id: "AC-1", verdict: "fail" }] } },
      }),
      events: [],
    },
    { outcome: "unmet", reason: "d", success: false, criteria: [{ id: "AC-1", verdict: "fail" }] },
  ],
  [
    "a surrender says its typed reason",
    { exit: 20, document: document(20, { outcome: { kind: "gave-up", reason: "resources", detail: "d" } }), events: [] },
    { outcome: "gave-up", reason: "resources", success: false },
  ],
  [
    "a limit of the program's own",
    { exit: 13, document: document(13, { outcome: { kind: "limit", limit: "builds", detail: "d" } }), events: [] },
    { outcome: "limit:builds", reason: "d", success: false },
  ],
  [
    "the draft of an end-to-end run that gave up: the journal knows",
    {
      exit: 20,
      document: document(20, null, "the draft did not come to an end"),
      events: [ended({ kind: "gave-up", reason: "platform", detail: "d" })],
    },
    { outcome: "gave-up", reason: "platform", success: false },
  ],
  [
    "a draft with open questions: done for the drafter, not for the trial",
    { exit: 5, document: document(5, null, "Q-1 is open"), events: [ended({ kind: "done" })] },
    { outcome: "question", reason: "Q-1 is open", success: false },
  ],
  [
    "a draft that cannot be applied",
    { exit: 2, document: document(2, null, "has no acceptance criteria"), events: [ended({ kind: "done" })] },
    { outcome: "unmet", reason: "has no acceptance criteria", success: false },
  ],
  [
    "a bug",
    { exit: 3, document: document(3, null, "internal error: x"), events: [] },
    { outcome: "crash", reason: "internal error: x", success: false },
  ],
  [
    "no word at all",
    { exit: 134, document: readDocument("Aborted"), events: [] },
    { outcome: "crash", reason: "it ended with exit code 134", success: false },
  ],
])("%s", (_, end, claim) => {
  expect(claimOf(end)).toEqual({ schema: "crq-claim/1", criteria: [], ...claim });
});
