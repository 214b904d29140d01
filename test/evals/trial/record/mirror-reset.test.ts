import { expect, test } from "vitest";
import type { Event } from "../../../../src/agent/events.ts";
import { faultOfMirror } from "../../../../src/evals/trial/record/mirror-reset.ts";

const reset = {
  kind: "input-not-found",
  excerpt: "error: unable to download 'https://a.example/x': Recv failure: Connection reset by peer (56)",
};

/** A journal with one failed evaluation. */
const journal = (diagnosis: object, text = ""): readonly Event[] => [
  {
    ...{ seq: 0, at: 0, type: "result", turn: 1, callId: "1", tool: "nix_eval", text, isError: true, ms: 1 },
    details: { ok: false, diagnoses: [diagnosis] },
  } as Event,
];

test("a connection that the mirror broke off is no failure of the model", () => {
  const fault = faultOfMirror(journal(reset), false);
  expect({ class: fault?.class, message: fault?.message }).toEqual({ class: "mirror", message: reset.excerpt });
});

test.each([
  ["the trial succeeded all the same", journal(reset), true],
  ["a builder printed it", journal({ ...reset, derivation: { name: "x", owner: "own" } }), false],
  ["an expression threw it", journal({ ...reset, position: { file: "flake.nix", line: 1, column: 1 } }), false],
  ["a file that was read says it", journal({ kind: "unknown", excerpt: "x" }, reset.excerpt), false],
  [
    "an address that nobody answers",
    journal({ ...reset, excerpt: "error: unable to download 'x': Could not resolve host" }),
    false,
  ],
])("the trial counts where %s", (_, events, success) => {
  expect(faultOfMirror(events, success)).toBeUndefined();
});
