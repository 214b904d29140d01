import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Ask, AssistantMessage } from "../../../../src/agent/messages.ts";
import { NO_USAGE } from "../../../../src/agent/messages.ts";
import { afterAnswer, afterRefusal, firstRate, type Rate } from "../../../../src/evals/run/schedule/rate.ts";
import { gated, RateGate } from "../../../../src/evals/run/schedule/rate-gate.ts";
import { loadTask } from "../../../../src/evals/task/task.ts";
import { SAMPLE, tasksOnDisk } from "../../task/sample-task.ts";

const answers = (rate: Rate, count: number, now: number): Rate =>
  Array.from({ length: count }).reduce((last: Rate) => afterAnswer(last, now), rate);

describe("the rate of a provider", () => {
  it("starts at four and doubles while nothing is refused", () => {
    expect([0, 3, 4, 11, 12].map((count) => answers(firstRate(0), count, 0).limit)).toEqual([4, 4, 8, 8, 16]);
  });

  it("falls to 0.8 once an episode, never below one, and rises by one a quiet minute", () => {
    const refused = afterRefusal(answers(firstRate(0), 12, 0), 1_000);
    expect(refused.limit).toBe(12);
    expect(afterRefusal(refused, 15_999).limit).toBe(12);
    expect(afterRefusal(refused, 16_000).limit).toBe(9);
    expect(answers(refused, 100, 60_999).limit).toBe(12);
    expect(answers(refused, 100, 61_000).limit).toBe(13);
    expect(afterAnswer(refused, 1_000 + 5 * 60_000).limit).toBe(17);
    const floor = Array.from({ length: 30 }).reduce((last: Rate, _, at) => afterRefusal(last, at * 15_000), refused);
    expect(floor.limit).toBe(1);
  });
});

const ASK: Ask = { system: "", messages: [], tools: [], maxOutputTokens: 1, signal: new AbortController().signal };
const reply = (more: Partial<AssistantMessage> = {}): AssistantMessage => ({
  role: "assistant",
  text: "",
  calls: [],
  usage: NO_USAGE,
  stop: "end",
  model: "m",
  ...more,
});

describe("the gate of a provider", () => {
  it("lets four asks through and the fifth when one is answered", async () => {
    const gate = new RateGate();
    const sent: ((message: AssistantMessage) => void)[] = [];
    const asks = Array.from({ length: 5 }, () => gate.ask(ASK, () => new Promise((resolve) => sent.push(resolve))));
    await new Promise(setImmediate);
    expect(sent).toHaveLength(4);
    sent[0]?.(reply());
    await new Promise(setImmediate);
    expect(sent).toHaveLength(5);
    for (const answer of sent) answer(reply());
    expect((await Promise.all(asks)).map((one) => one.reply.stop)).toEqual(["end", "end", "end", "end", "end"]);
  });

  it("asks again what the provider refused for its rate, after the wait that it names", async () => {
    const gate = new RateGate();
    const replies = [reply({ stop: "error", refusal: { status: 429, retryAfterMs: 20 } }), reply({ text: "at last" })];
    const { reply: got, waitedMs } = await gate.ask(ASK, async () => replies.shift() ?? reply());
    expect([got.text, waitedMs > 0, gate.limit]).toEqual(["at last", true, 3]);
  });

  it("hands on what is no refusal for the rate", async () => {
    const refused = reply({ stop: "error", refusal: { status: 401 } });
    expect((await new RateGate().ask(ASK, async () => refused)).reply).toBe(refused);
  });
});

it("tells of a wait while it lasts, so that no trial's working time runs out over it", async () => {
  let now = 0;
  const replies = [reply({ stop: "error", refusal: { status: 429, retryAfterMs: 20 } }), reply({ text: "at last" })];
  const model = gated(
    {
      ...({ alias: "m", provider: "p", name: "m", params: {}, role: "ranked", deterministic: false } as const),
      notFor: () => undefined,
      create: async () => ({ name: "m", complete: async () => replies.shift() ?? reply() }),
    },
    new RateGate(() => now),
  );
  const loaded = await loadTask(join(await tasksOnDisk({ "count-words": SAMPLE }), "count-words"));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const made = await model.create(loaded.value);
  const asked = made.complete(ASK);
  await new Promise(setImmediate);
  now = 15;
  const during = made.waitedMs?.();
  now = 25;
  expect([during, (await asked).text, made.waitedMs?.()]).toEqual([15, "at last", 25]);
});
