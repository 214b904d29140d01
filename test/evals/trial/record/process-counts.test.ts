import { expect, test } from "vitest";
import type { Event, EventBody } from "../../../../src/agent/events.ts";
import { processCounts } from "../../../../src/evals/trial/record/process-counts.ts";

const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
const reply: EventBody = {
  type: "reply",
  turn: 1,
  hash: "h",
  message: { role: "assistant", text: "", calls: [], usage, stop: "tools", model: "m" },
  ms: 1,
};
let id = 0;
/** A call with its result. */
function called(tool: string, args: string, result: { text?: string; isError?: boolean; details?: unknown } = {}): EventBody[] {
  const call = { id: `c${id++}`, tool, arguments: args };
  return [
    { type: "call", turn: 1, call },
    { type: "result", turn: 1, callId: call.id, tool, text: "", isError: false, ms: 1, ...result },
  ];
}
const build = (ok: boolean, fingerprint?: string): EventBody => ({
  type: "build",
  installable: ".#a",
  ok,
  seconds: 1,
  ...(fingerprint !== undefined && { fingerprint }),
});
const refused = (stage: string) => ({ isError: true, details: { accepted: false, stage } });
const counted = (...bodies: EventBody[]) => processCounts(bodies.map((body, seq): Event => ({ ...body, seq, at: seq })));

const PROPOSAL = JSON.stringify({ edits: [] });

test("counts turns, calls, proposals, builds and mechanics, and when what first came about", () => {
  expect(
    counted(
      { type: "mechanic", name: "write-lock", detail: "", paths: [] },
      reply,
      ...called("survey", "{}"),
      ...called("survey", '{"x":1}', { isError: true }),
      ...called("rm_rf", "{}", { isError: true }),
      ...called("__proto__", "{}", { isError: true }),
      ...called("propose_edit", "{", { isError: true }),
      reply,
      ...called("propose_edit", PROPOSAL, refused("eval")),
      ...called("propose_edit", PROPOSAL, refused("policy")),
      ...called("nix_eval", '{"attribute":"a"}', { isError: true, details: { ok: false } }),
      reply,
      ...called("propose_edit", PROPOSAL, { details: { accepted: true, stage: "accepted" } }),
      build(false, "f1"),
      build(false, "f1"),
      reply,
      build(true),
      { type: "outcome", outcome: { kind: "done" } },
    ),
  ).toEqual({
    turns: 4,
    tools: { survey: 2, rm_rf: 1, ["__proto__"]: 1, propose_edit: 4, nix_eval: 1 },
    invalidCalls: 4,
    proposals: 3,
    refused: { eval: 1, policy: 1 },
    builds: 3,
    failedBuilds: 2,
    repeats: 2,
    mechanics: { "write-lock": 1 },
    firstEvalTurn: 3,
    firstBuildTurn: 4,
    doneTurn: 4,
  });
});

test("mechanics alone have no turn", () => {
  expect(counted(build(true), { type: "outcome", outcome: { kind: "done" } })).toMatchObject({ turns: 0, builds: 1 });
  expect(Object.keys(counted(build(true)))).not.toContain("firstBuildTurn");
});
