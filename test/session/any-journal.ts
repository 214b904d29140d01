import fc from "fast-check";
import type { Event, EventBody } from "../../src/agent/events.ts";
import { NO_USAGE } from "../../src/agent/messages.ts";
import type { Outcome } from "../../src/agent/outcome.ts";

/** Journals of any shape, also such as no loop writes: few names, so that calls, failures and fingerprints meet again. */

const id = fc.constantFrom("a", "b", "c");
const call = fc.record({ id, tool: fc.constantFrom("look", "write"), arguments: fc.constantFrom("{}", '{"at":1}') });
const details = fc.constantFrom<unknown>(
  undefined,
  { fingerprint: "x" },
  { fingerprint: "y", progress: 1 },
  { criteria: [{ fingerprint: "x" }], progress: 2 },
);
const outcome = fc.constantFrom<Outcome>(
  { kind: "done" },
  { kind: "limit", limit: "repeats", detail: "4 times" },
  { kind: "limit", limit: "stagnation", detail: "4 times" },
  { kind: "limit", limit: "turns", detail: "60 of 60" },
);
const usage = fc.constantFrom(NO_USAGE, { input: 3, output: 2, cacheRead: 1, cacheWrite: 1, usd: 0.1 });

const body: fc.Arbitrary<EventBody> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("phase" as const), phase: fc.constantFrom("loop", "resume", "verify") }),
  },
  fc.constant({ type: "user", text: "go on" } as const),
  fc.record({ type: fc.constant("ask" as const), turn: fc.constant(1), hash: fc.constant("h") }),
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("reply" as const),
      turn: fc.constant(1),
      hash: fc.constant("h"),
      ms: fc.constant(1),
      waitedMs: fc.constantFrom(0, 4),
      message: fc.record({
        role: fc.constant("assistant" as const),
        text: fc.constant(""),
        calls: fc.array(call, { maxLength: 2 }),
        usage,
        stop: fc.constantFrom("tools" as const, "end" as const, "error" as const),
        model: fc.constant("test:any"),
      }),
    }),
  },
  fc.record({ type: fc.constant("lost" as const), turn: fc.constant(1), usage }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant("call" as const), turn: fc.constant(1), call }) },
  {
    weight: 6,
    arbitrary: fc
      .record({
        type: fc.constant("result" as const),
        turn: fc.constant(1),
        callId: id,
        tool: fc.constant("look"),
        text: fc.constantFrom("one", "other"),
        isError: fc.boolean(),
        details,
        writes: fc.boolean(),
        ms: fc.constant(1),
      })
      .chain((result) => fc.constantFrom<EventBody>(result, result, { ...result, outcome: { kind: "done" } })),
  },
  fc.constant({ type: "build", installable: ".#x", ok: true, seconds: 1 } as const),
  fc.constant({ type: "progress", text: "at it" } as const),
  fc.constant({ type: "mechanic", name: "write-lock", detail: "written", paths: ["flake.lock"] } as const).map((one) => ({
    ...one,
    paths: [...one.paths],
  })),
  fc.constantFrom<EventBody>({ type: "snapshot", tree: "aaaa" }, { type: "snapshot", tree: "bbbb" }),
  fc.record({
    type: fc.constant("acceptance" as const),
    stage: fc.constantFrom("baseline" as const, "loop" as const, "verify" as const),
    report: details,
  }),
  fc.record({ type: fc.constant("outcome" as const), outcome }),
);

const HEADER: EventBody = {
  type: "session",
  schema: "crq-event/1",
  id: "s",
  agent: "0",
  verb: "apply",
  model: "test:any",
  request: {},
};

/** The clock goes on by any step, and sometimes back. */
export const anyJournal: fc.Arbitrary<readonly Event[]> = fc
  .array(fc.tuple(body, fc.integer({ min: -2, max: 9 })), { maxLength: 60 })
  .map((entries) => {
    let at = 0;
    return [[HEADER, 0] as const, ...entries].map(([one, step], seq): Event => {
      at += step;
      return { seq, at, ...one };
    });
  });
