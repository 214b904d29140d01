import { expect, it } from "vitest";
import type { Event, EventBody } from "../../src/agent/events.ts";
import { showSession } from "../../src/session/show.ts";
import { PRICED, reply } from "../agent/play.ts";

it("shows a session as a timeline, free of control bytes, with what it used and how to go on", () => {
  const bodies: EventBody[] = [
    {
      type: "session",
      schema: "crq-event/1",
      id: "20260101T000000Z-aaaaaa",
      agent: "0.1.0",
      verb: "apply",
      model: "test:play",
      request: {},
    },
    { type: "phase", phase: "loop", detail: "apply" },
    { type: "user", text: "Mend this.\nAll of it." },
    { type: "ask", turn: 1, hash: "h" },
    {
      type: "reply",
      turn: 1,
      hash: "h",
      ms: 2500,
      message: { ...reply({ text: "I look.", calls: [] }), calls: [{ id: "a", tool: "look", arguments: '{"at":"x"}' }] },
    },
    { type: "call", turn: 1, call: { id: "a", tool: "look", arguments: '{"at":"x"}' } },
    { type: "mechanic", name: "stage", detail: "intent to add", paths: ["flake.nix"] },
    { type: "build", installable: ".#x", ok: false, seconds: 61.24 },
    { type: "result", turn: 1, callId: "a", tool: "look", text: `\u001b[31m${"long ".repeat(60)}`, isError: true, ms: 100 },
    { type: "ask", turn: 2, hash: "h" },
    { type: "phase", phase: "resume" },
    { type: "lost", turn: 2, usage: PRICED },
  ];
  const events: Event[] = bodies.map((body, seq) => ({ seq, at: Date.UTC(2026, 0, 1) + seq * 400_000, ...body }));
  expect(showSession(events).split("\n")).toEqual([
    "session 20260101T000000Z-aaaaaa",
    "apply with test:play, crq-agent 0.1.0, 2026-01-01T00:00:00.000Z",
    "",
    "00:06:40  ── loop: apply",
    "00:13:20  user     Mend this. ⏎ All of it.",
    "00:20:00  ask      turn 1",
    "00:26:40  reply    I look. → look (5 tokens out, 2.5 s)",
    '00:33:20  call     look {"at":"x"}',
    "00:40:00  mechanic stage: intent to add [flake.nix]",
    "00:46:40  build    .#x failed (61.2 s)",
    `00:53:20  error    look: ${"long ".repeat(29).slice(0, 144)}…`,
    "01:00:00  ask      turn 2",
    "01:06:40  ── resume",
    "01:13:20  lost     the request of turn 2 was in flight when the process ended",
    "",
    "1 turns, 1 builds, 3600 s of work",
    "replies: 10 in, 0 from cache, 0 to cache, 5 out, $0.0100",
    "1 lost requests, booked at their worst case: 10 in, 0 from cache, 0 to cache, 5 out, $0.0100",
    "not ended; resume it with: crq-agent sessions resume 20260101T000000Z-aaaaaa",
    "",
  ]);
});
