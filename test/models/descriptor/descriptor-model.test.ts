import { duplexPair, PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Ask, AssistantMessage } from "../../../src/agent/messages.ts";
import { DescriptorModel } from "../../../src/models/descriptor/descriptor-model.ts";
import { lines } from "../../../src/models/descriptor/lines.ts";
import { helloLine, readRequest, replyLine } from "../../../src/models/descriptor/wire.ts";
import { createModel } from "../../../src/models/select.ts";

const ask = (signal = new AbortController().signal): Ask => ({
  system: "s",
  messages: [
    { role: "user", text: "hello" },
    { role: "tool", callId: "1", tool: "t", text: "x", isError: false, details: { a: [1] } },
  ],
  tools: [{ name: "t", about: "a", parameters: { type: "object" } }],
  maxOutputTokens: 10,
  signal,
});

const reply: AssistantMessage = {
  role: "assistant",
  text: "hi",
  calls: [{ id: "1", tool: "t", arguments: "{}" }],
  usage: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
  stop: "tools",
  model: "far",
};

async function collected(incoming: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const line of incoming) all.push(line);
  return all;
}

async function pair(price: Parameters<typeof helloLine>[0]["price"] = null) {
  const [ours, theirs] = duplexPair();
  theirs.write(helloLine({ name: "far", price }));
  const model = await DescriptorModel.over(ours);
  return { model, theirs, heard: lines(theirs, 1_000_000) };
}

test("an ask travels whole, its reply comes back, and what only the host is to know does not", async () => {
  const { model, theirs, heard } = await pair();
  const answering = model.complete(ask());
  const line = (await heard.next()).value ?? "";
  const { signal: _, ...sent } = ask();
  expect(readRequest(line)).toEqual({ ask: 0, ...sent });
  theirs.write(replyLine(0, { ...reply, unavailable: true, refusal: { status: 503 } }));
  expect(await answering).toEqual(reply);
});

test("an abort is told and not waited for", async () => {
  const { model, heard } = await pair();
  const stop = new AbortController();
  const answering = model.complete(ask(stop.signal));
  await heard.next();
  stop.abort();
  expect((await answering).stop).toBe("aborted");
  expect(readRequest((await heard.next()).value ?? "")).toEqual({ cancel: 0 });
});

test.each([
  ["the other side is gone", "", "far: the process that answers is gone"],
  ["the other side says what is no reply", '{"reply":0}\n', "far: is no crq-model/1 line"],
])("%s: an error, now and later", async (_, said, text) => {
  const { model, theirs, heard } = await pair();
  const answering = model.complete(ask());
  await heard.next();
  theirs.end(said);
  for (const message of [await answering, await model.complete(ask())])
    expect({ stop: message.stop, text: message.text.slice(0, text.length) }).toEqual({ stop: "error", text });
});

test("the worst case is reckoned with the host's price; of an unknown price it has none", async () => {
  const priced = await pair({ input: 1, output: 2 });
  const unpriced = await pair(null);
  expect({ priced: priced.model.worstCase(ask()).usd !== undefined, unpriced: unpriced.model.worstCase(ask()).usd }).toEqual({
    priced: true,
    unpriced: undefined,
  });
});

test.each(["descriptor:", "descriptor:x", "descriptor:1", "descriptor:9999"])("%s is refused with a reason", async (spec) => {
  expect(await createModel(spec, { env: {}, aliases: {}, prices: {} })).toEqual({
    problem: expect.stringContaining("descriptor"),
  });
});

test("lines come out as they went in, however the stream cuts them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""))),
      fc.integer({ min: 1, max: 7 }),
      async (texts, size) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
        const stream = new PassThrough();
        for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
        stream.end("unfinished");
        expect(await collected(lines(stream, 1_000_000))).toEqual(texts);
      },
    ),
  );
});

test("a line without end is refused", async () => {
  const stream = new PassThrough();
  stream.end("x".repeat(101));
  await expect(collected(lines(stream, 100))).rejects.toThrow("a line has more than 100 bytes");
});
