import { duplexPair } from "node:stream";
import { expect, test, vi } from "vitest";
import type { Ask, AssistantMessage, Model } from "../../../../src/agent/messages.ts";
import { ServedModel, type ServedModelOptions } from "../../../../src/evals/trial/model/served-model.ts";
import { WorkingClock } from "../../../../src/evals/trial/model/working-clock.ts";
import { DescriptorModel } from "../../../../src/models/descriptor/descriptor-model.ts";

const ask = (): Ask => ({ system: "", messages: [], tools: [], maxOutputTokens: 10, signal: new AbortController().signal });
const usage = { input: 1, output: 60, cacheRead: 0, cacheWrite: 0, usd: 0.4 };
const said: AssistantMessage = { role: "assistant", text: "ok", calls: [], usage, stop: "end", model: "m" };

async function serving(model: Partial<Model>, limits: ServedModelOptions["limits"] = { outputTokens: 100, usd: 1 }) {
  const [host, child] = duplexPair();
  const served = new ServedModel({ model: { name: "m", complete: async () => said, ...model }, price: undefined, limits });
  const done = served.serve(host);
  return { served, asking: await DescriptorModel.over(child), child, done };
}

test("counts what is used and sends no request beyond the output tokens", async () => {
  const { served, asking } = await serving({});
  const replies = [await asking.complete(ask()), await asking.complete(ask()), await asking.complete(ask())];
  expect({ replies: replies.map(({ stop }) => stop), calls: served.calls, usage: served.usage, limit: served.limit }).toEqual({
    replies: ["end", "end", "error"],
    calls: 2,
    usage: { input: 2, output: 120, cacheRead: 0, cacheWrite: 0, usd: 0.8 },
    limit: "tokens",
  });
});

test("sends no request whose worst case would pass the cap in dollars; an unknown price keeps none", async () => {
  const worst = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0.7 };
  const priced = await serving({ worstCase: () => worst }, { outputTokens: 1_000, usd: 1 });
  const { usd: _, ...unpriced } = worst;
  const unknown = await serving({ worstCase: () => unpriced }, { outputTokens: 1_000, usd: 0.1 });
  for (const { asking } of [priced, unknown]) for (let at = 0; at < 3; at++) await asking.complete(ask());
  expect([priced, unknown].map(({ served }) => ({ calls: served.calls, limit: served.limit }))).toEqual([
    { calls: 1, limit: "usd" },
    { calls: 3, limit: undefined },
  ]);
});

test.each([
  [{ ...said, stop: "error", text: "down", unavailable: true } as const, { class: "provider", message: "down" }],
  [
    { ...said, stop: "error", text: "no reply is recorded", unrecorded: true } as const,
    { class: "harness", message: "no reply is recorded" },
  ],
  [{ ...said, stop: "error", text: "context too long" } as const, undefined],
])("whether nobody answered or the model erred: %j", async (reply, failure) => {
  const { served, asking } = await serving({ complete: async () => reply });
  expect((await asking.complete(ask())).text).toBe(reply.text);
  expect(served.failure && { class: served.failure.class, message: served.failure.message }).toEqual(failure);
});

test("a model that throws is our own fault", async () => {
  const { served, asking } = await serving({ complete: () => Promise.reject(new Error("oops")) });
  expect((await asking.complete(ask())).stop).toBe("error");
  expect({ class: served.failure?.class, message: served.failure?.message }).toEqual({ class: "harness", message: "m: oops" });
});

test("a request that is on its way is stopped when the program is gone", async () => {
  const stopped = Promise.withResolvers<void>();
  const { asking, child, done } = await serving({
    complete: (asked) =>
      new Promise((resolve) => {
        asked.signal.addEventListener("abort", () => {
          stopped.resolve();
          resolve({ ...said, stop: "aborted" });
        });
      }),
  });
  void asking.complete(ask());
  await new Promise((resolve) => setImmediate(resolve));
  child.end();
  await Promise.all([done, stopped.promise]);
});

test("what was stopped is counted before serving ends, at its worst case", async () => {
  const worst = { input: 5, output: 10, cacheRead: 0, cacheWrite: 0, usd: 0.1 };
  const { served, asking, child, done } = await serving({
    worstCase: () => worst,
    complete: (asked) =>
      new Promise((resolve) => {
        // A connection takes a moment to close.
        asked.signal.addEventListener("abort", () => setTimeout(() => resolve({ ...said, stop: "aborted" }), 20));
      }),
  });
  void asking.complete(ask());
  await new Promise((resolve) => setImmediate(resolve));
  child.end();
  await done;
  expect({ calls: served.calls, usage: served.usage }).toEqual({ calls: 1, usage: worst });
});

test("asks beyond what a loop sends at once are no model's failure, and no further request is sent", async () => {
  const { served, asking, done } = await serving({ complete: () => new Promise(() => undefined) });
  void done;
  for (let at = 0; at < 9; at++) void asking.complete(ask());
  await vi.waitFor(() => expect(served.failure?.message).toBe("asks more than 4 times at once"));
  expect({ calls: served.calls, class: served.failure?.class }).toEqual({ calls: 4, class: "harness" });
});

test("working time is wall time without the waits, which only the alarm's end reveals", () => {
  vi.useFakeTimers();
  try {
    let waited = 0;
    const clock = new WorkingClock(
      () => Date.now(),
      () => waited,
    );
    const expired = vi.fn();
    clock.alarm(1_000, expired);
    vi.advanceTimersByTime(900);
    waited = 700;
    vi.advanceTimersByTime(700);
    expect({ expired: expired.mock.calls.length, working: clock.workingMs, queue: clock.queueMs, wall: clock.wallMs }).toEqual({
      expired: 0,
      working: 900,
      queue: 700,
      wall: 1_600,
    });
    vi.advanceTimersByTime(101);
    expect(expired.mock.calls.length).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
