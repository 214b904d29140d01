import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { recordedUsage } from "../../../../src/evals/run/folder/recorded-usage.ts";
import { newFolder } from "../made-run.ts";

const hash = `sha256:${"0".repeat(64)}`;
const ask = (turn: number) => ({ seq: 2 * turn - 1, at: turn, type: "ask", turn, hash });
const reply = (turn: number, usd?: number) => ({
  seq: 2 * turn,
  at: turn,
  type: "reply",
  turn,
  hash,
  ms: 1,
  message: {
    role: "assistant",
    text: "",
    calls: [],
    usage: { input: 100, output: 10, cacheRead: 5, cacheWrite: 1, ...(usd === undefined ? {} : { usd }) },
    stop: "end",
    model: "m",
  },
});

async function usageOf(events: readonly object[], torn = ""): Promise<unknown> {
  const folder = await newFolder();
  await writeFile(join(folder, "cassette.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join("") + torn);
  return await recordedUsage(folder);
}

it("sums what was asked and answered", async () => {
  expect(await usageOf([ask(1), reply(1, 0.25), ask(2), reply(2, 0.5)])).toEqual({
    calls: 2,
    input: 200,
    output: 20,
    cacheRead: 10,
    cacheWrite: 2,
    usd: 0.75,
  });
});

it("knows no price where a request has no reply, a reply has none, or a line is torn", async () => {
  const one = { calls: 2, input: 100, output: 10, cacheRead: 5, cacheWrite: 1 };
  expect(await usageOf([ask(1), reply(1, 0.25), ask(2)])).toEqual(one);
  expect(await usageOf([ask(1), reply(1, 0.25), ask(2)], JSON.stringify(reply(2, 0.5)).slice(0, -9))).toEqual(one);
  expect(await usageOf([ask(1), reply(1)])).toEqual({ ...one, calls: 1 });
});

it("knows that nothing was used where nothing was asked", async () => {
  expect(await recordedUsage(await newFolder())).toEqual({ calls: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 });
});
