import { afterEach, describe, expect, it } from "vitest";
import type { Ask, Message } from "../../../src/agent/messages.ts";
import { NO_USAGE } from "../../../src/agent/messages.ts";
import { input, play } from "../../agent/play.ts";
import { connect, DIALECTS, KEY } from "../dialects.ts";
import {
  breaking,
  echoing,
  ending,
  type Handler,
  hanging,
  type ProviderServer,
  provider,
  refusing,
  stalling,
  streaming,
} from "../provider-server.ts";

let server: ProviderServer | undefined;
afterEach(() => server?.close());

const serve = async (...handlers: Handler[]): Promise<ProviderServer> => {
  server = await provider(handlers);
  return server;
};

const ask = (part: Partial<Ask> = {}): Ask => ({
  system: "You mend things.",
  messages: [{ role: "user", text: "Mend this." }],
  tools: [
    {
      name: "look",
      about: "Looks.",
      parameters: { type: "object", properties: { at: { type: "string" } }, required: ["at"], additionalProperties: false },
    },
  ],
  maxOutputTokens: 1000,
  signal: new AbortController().signal,
  ...part,
});

const USAGE = { input: 30, output: 20, cacheRead: 60, cacheWrite: 10, usd: 120 };

describe.each(DIALECTS)("$name, through its real SDK", (dialect) => {
  it("reads a streamed reply with its text and what it cost", async () => {
    const { url, requests } = await serve(streaming(dialect.reply({ text: "Done, ü." })));
    const model = await connect(dialect, url);
    const { raw: _, ...reply } = await model.complete(ask());
    expect(reply).toEqual({
      role: "assistant",
      text: "Done, ü.",
      calls: [],
      usage: USAGE,
      stop: "end",
      model: dialect.spec,
    });
    expect(requests.map(({ path, body }) => [path, body.stream])).toEqual([[dialect.path, true]]);
  });

  it("reads two calls at once, their arguments as they were sent", async () => {
    const calls = [
      { id: "c1", name: "look", pieces: ['{"at"', ':"x"}'] },
      { id: "c2", name: "look", pieces: ['{"at": ', '"y"}'] },
    ];
    const { url } = await serve(streaming(dialect.reply({ text: "I look.", calls })));
    expect(await (await connect(dialect, url)).complete(ask())).toMatchObject({
      text: "I look.",
      stop: "tools",
      calls: [
        { id: "c1", tool: "look", arguments: '{"at":"x"}' },
        { id: "c2", tool: "look", arguments: '{"at": "y"}' },
      ],
    });
  });

  it("hands arguments that are not JSON on as they are", async () => {
    const { url } = await serve(
      streaming(dialect.reply({ calls: [{ id: "c1", name: "look", pieces: ['{"at": "sa', "y hi", '"x"}'] }] })),
    );
    const reply = await (await connect(dialect, url)).complete(ask());
    expect(reply).toMatchObject({ stop: "tools", calls: [{ id: "c1", tool: "look", arguments: '{"at": "say hi"x"}' }] });
  });

  it("tells a reply that was cut at the output limit", async () => {
    const { url } = await serve(
      streaming(dialect.reply({ calls: [{ id: "c1", name: "look", pieces: ['{"at": "ha'] }], cut: true })),
    );
    expect(await (await connect(dialect, url)).complete(ask())).toMatchObject({
      stop: "length",
      calls: [{ arguments: '{"at": "ha' }],
    });
  });

  it("waits after 429 and asks again", async () => {
    const limited = refusing(429, { error: { type: "rate_limit_error", message: "slow down" } }, { "retry-after": "0.02" });
    const { url, requests } = await serve(limited, streaming(dialect.reply({ text: "Done." })));
    expect(await (await connect(dialect, url)).complete(ask())).toMatchObject({ stop: "end", text: "Done." });
    expect(requests.length).toBe(2);
  });

  it("gives up on 529 after the tries it has, with the next move and at no cost", async () => {
    const { url, requests } = await serve(
      refusing(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, { "retry-after": "0.02" }),
    );
    const reply = await (await connect(dialect, url)).complete(ask());
    expect(reply).toMatchObject({ stop: "error", usage: NO_USAGE });
    expect(reply.text).toMatch(/^\S+: the provider is overloaded or down \(529 .*Overloaded.*\)\. Resume the session later\.$/u);
    expect(requests.length).toBe(2);
  });

  it.each([
    ["breaks", breaking],
    ["just ends", ending],
  ])("does not take half a reply for a whole one when the stream %s", async (_, broken) => {
    const events = dialect.reply({ text: "Done.", calls: [{ id: "c1", name: "look", pieces: ['{"at":"x"}'] }] });
    const { url } = await serve(broken(events.slice(0, 4)));
    const model = await connect(dialect, url);
    const reply = await model.complete(ask());
    expect(reply.stop).toBe("error");
    expect(reply.text).toMatch(/: the reply broke off \(.+\)\. It may have been billed\. Resume the session to ask again\.$/u);
    expect(reply.usage).toEqual(model.worstCase?.(ask()));
  });

  it("passes on what a provider says in the middle of a stream", async () => {
    const { url } = await serve(streaming([...dialect.reply({ text: "Do" }).slice(0, 2), dialect.failure]));
    const reply = await (await connect(dialect, url)).complete(ask());
    expect(reply.stop).toBe("error");
    expect(reply.text).toContain("the engine is on fire");
  });

  it("does not wait for ever for a server that hangs", async () => {
    const { url } = await serve(hanging);
    const model = await connect(dialect, url, { maxRetries: 0, timeouts: { response: 50 } });
    const reply = await model.complete(ask());
    expect(reply.stop).toBe("error");
    expect(reply.text).toMatch(/: no answer within 0\.1 s/u);
    expect(reply.usage).toEqual(model.worstCase?.(ask()));
  });

  it("does not wait for ever for a stream that falls silent", async () => {
    const { url } = await serve(stalling(dialect.reply({ text: "Done." }).slice(0, 2)));
    const reply = await (await connect(dialect, url, { timeouts: { silence: 50 } })).complete(ask());
    expect(reply).toMatchObject({ stop: "error", text: expect.stringContaining("the stream fell silent for 0.1 s") });
  });

  it("does not wait for ever for a stream that says nothing at all", async () => {
    const { url } = await serve(stalling([]));
    const model = await connect(dialect, url, { maxRetries: 0, timeouts: { response: 1_000, silence: 50, total: 5_000 } });
    expect((await model.complete(ask())).text).toMatch(/: (?:the stream fell silent for|no answer within) /u);
  });

  it("never lets a key out, though the server says it back", async () => {
    const { url, requests } = await serve(echoing);
    const reply = await (await connect(dialect, url)).complete(ask());
    expect(JSON.stringify(requests[0]?.headers)).toContain(KEY);
    expect(JSON.stringify(reply)).not.toContain(KEY.slice(0, 12));
    expect(reply.text).toMatch(
      /: the key was refused \(401 .*Incorrect API key provided.*\)\. Check (?:OPENAI|ANTHROPIC)_API_KEY\.$/u,
    );
  });

  it("stops at once when it is told to, before and during a reply", async () => {
    const controller = new AbortController();
    const first = dialect.reply({ text: "Done." }).slice(0, 1);
    const { url, requests } = await serve(async (response, request) => {
      await stalling(first)(response, request);
      setTimeout(() => controller.abort(), 20);
    });
    const model = await connect(dialect, url);
    expect(await model.complete(ask({ signal: AbortSignal.abort() }))).toMatchObject({ stop: "aborted" });
    expect(requests.length).toBe(0);
    expect(await model.complete(ask({ signal: controller.signal }))).toMatchObject({ stop: "aborted", text: "", calls: [] });
  });

  it("says so when nobody is there", async () => {
    const { url, close } = await serve(hanging);
    await close();
    const reply = await (await connect(dialect, url, { maxRetries: 0 })).complete(ask());
    expect(reply.text).toMatch(
      /: the provider could not be reached \(.*ECONNREFUSED.*\)\. Check the network and the base URL, then resume\.$/u,
    );
    expect(reply.usage).toEqual(NO_USAGE);
  });

  it("carries a whole conversation: an unknown tool, arguments that are no JSON, and the end", async () => {
    const { url, requests } = await serve(
      streaming(
        dialect.reply({
          calls: [
            { id: "c1", name: "lok", pieces: ['{"at":"x"}'] },
            { id: "c2", name: "look", pieces: ['{"at": x}'] },
          ],
        }),
      ),
      streaming(dialect.reply({ calls: [{ id: "c3", name: "finish", pieces: ['{"detail":"d"}'] }] })),
    );
    const { end } = await play(input({ model: await connect(dialect, url) }));
    expect(end.outcome).toEqual({ kind: "gave-up", reason: "no-known-fix", detail: "d" });
    const results = end.messages.flatMap((message: Message) =>
      message.role === "tool" ? [`${message.callId} ${message.text}`] : [],
    );
    expect(results).toEqual([
      expect.stringContaining('c1 There is no tool "lok". Did you mean look?'),
      expect.stringContaining("c2 look was not run: its arguments are not JSON from character 7 of 9 on."),
      "c3 The run ends here.",
    ]);
    const second = JSON.stringify(requests[1]?.body);
    expect(second).toContain("Did you mean look?");
    expect(second).toContain("its arguments are not JSON");
  });
});
