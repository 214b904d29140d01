import { describe, expect, it } from "vitest";
import { z } from "zod";
import { newState } from "../../src/agent/conversation/state.ts";
import type { Acceptance } from "../../src/agent/loop.ts";
import { defineTool } from "../../src/agent/tool.ts";
import { brief, call, callsAndResults, input, PRICED, play, playing, reply, toolbox } from "./play.ts";

const accepted = async (): Promise<Acceptance> => ({ ok: true, text: "" });

describe("a run that ends well", () => {
  it("journals each step before it is taken, and is done only when the acceptance says so", async () => {
    const log: string[] = [];
    const model = playing([
      { text: "Let me see.", calls: [call("a", "look", { at: "x" }), call("b", "write", { text: "y" })] },
      { text: "Done." },
    ]);
    const verdicts: Acceptance[] = [{ ok: true, text: "", details: { progress: 5 } }];
    const { events, end } = await play(
      input({ model, tools: toolbox(log), acceptance: async () => verdicts.shift() ?? { ok: false, text: "?" } }),
      (event) => {
        if (event.type === "ask") log.push(`journal ask after ${model.asks.length} requests`);
        if (event.type === "call") log.push(`journal call ${event.call.id}`);
      },
    );
    expect(brief(events)).toEqual([
      "phase loop apply",
      "user: Mend this.",
      "ask 1",
      "reply 1: tools",
      "call a look",
      "result a ok: saw x",
      "call b write",
      "mechanic",
      "result b ok: wrote y",
      "ask 2",
      "reply 2: end",
      "acceptance",
    ]);
    expect(log).toEqual([
      "journal ask after 0 requests",
      "journal call a",
      "look x",
      "journal call b",
      "write y",
      "journal ask after 1 requests",
    ]);
    expect(end.outcome).toEqual({ kind: "done" });
    expect(end.tally).toEqual({
      turns: 2,
      usage: { input: 20, output: 10, cacheRead: 0, cacheWrite: 0, usd: 0.02 },
      lost: { requests: 0, usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 } },
      wallMs: 0,
      builds: 0,
      repeats: 1,
      stagnation: 0,
    });
  });

  it("makes what is unmet the next user message", async () => {
    const verdicts: Acceptance[] = [
      { ok: false, text: "AC-1 fails: no such file" },
      { ok: true, text: "" },
    ];
    const { events } = await play(
      input({
        model: playing([{ text: "Done." }, { calls: [call("a", "look", { at: "x" })] }, { text: "Done now." }]),
        acceptance: async () => verdicts.shift() ?? { ok: false, text: "?" },
      }),
    );
    expect(brief(events).slice(4)).toEqual([
      "acceptance",
      "user: AC-1 fails: no such file",
      "ask 2",
      "reply 2: tools",
      "call a look",
      "result a ok: saw x",
      "ask 3",
      "reply 3: end",
      "acceptance",
    ]);
  });

  it("says what is unmet as it says what a tool found: without folders of this machine, control bytes and pages of text", async () => {
    const verdicts: Acceptance[] = [
      { ok: false, text: `/home/ann/tree: \u001b[31mno\u001b[0m${"x".repeat(50_000)}` },
      { ok: true, text: "" },
    ];
    const { events } = await play(
      input({
        model: playing([{ text: "Done." }, { text: "Done now." }]),
        acceptance: async () => verdicts.shift() ?? { ok: false, text: "?" },
        clean: (text) => text.replaceAll("/home/ann/tree", "."),
      }),
    );
    const said = events.flatMap((event) => (event.type === "user" ? [event.text] : [])).at(-1) ?? "";
    expect(said.slice(0, 8)).toBe(".: noxxx");
    expect(said.length).toBeLessThan(15_000);
  });

  it("nudges a reply without a call where only a tool can end the run", async () => {
    const { events, end } = await play(
      input({ model: playing([{ text: "Here is the CRQ: …" }, { calls: [call("a", "finish", { detail: "d" })] }]) }),
    );
    expect(brief(events).slice(3)).toEqual([
      "reply 1: end",
      "user: Call finish.",
      "ask 2",
      "reply 2: tools",
      "call a finish",
      "result a ok: The run ends here.",
    ]);
    expect(end.outcome).toEqual({ kind: "gave-up", reason: "no-known-fix", detail: "d" });
  });

  it("sends the same system text, tools and earlier messages with every request", async () => {
    const model = playing([{ calls: [call("a", "look", { at: "x" })] }, { text: "Done." }]);
    await play(input({ model, acceptance: accepted }));
    const [first, second] = model.asks;
    expect(second?.system).toBe(first?.system);
    expect(second?.tools).toBe(first?.tools);
    expect(second?.messages.slice(0, 1)).toEqual(first?.messages);
  });
});

describe("every call gets exactly one result", () => {
  it("after a finishing tool the rest is not run", async () => {
    const log: string[] = [];
    const { events } = await play(
      input({
        tools: toolbox(log),
        model: playing([{ calls: [call("a", "finish", { detail: "d" }), call("b", "write", { text: "y" })] }]),
      }),
    );
    expect(brief(events).slice(4)).toEqual([
      "call a finish",
      "result a ok: The run ends here.",
      "result b error: Not run: an earlier call of the same reply ended the run.",
    ]);
    expect(log).toEqual([]);
  });

  it("what rests on a call that failed before it in the same reply is not run, and is in the next one", async () => {
    const log: string[] = [];
    const tools = [
      defineTool({
        name: "test",
        about: "Tests what was built.",
        args: z.strictObject({}),
        writes: false,
        restsOn: ["build"],
        run: async () => {
          log.push("test");
          return { text: "tested" };
        },
      }),
      ...toolbox(log),
    ];
    const model = playing([
      {
        calls: [
          call("a", "test", {}),
          call("b", "build", { attribute: "x" }),
          call("c", "look", { at: "z" }),
          call("d", "test", {}),
        ],
      },
      { calls: [call("e", "test", {})] },
      { text: "Done." },
    ]);
    const { events } = await play(input({ tools, model, acceptance: accepted }));
    expect(brief(events).filter((line) => line.startsWith("result"))).toEqual([
      "result a ok: tested",
      "result b error: x failed",
      "result c ok: saw z",
      "result d error: Not run: build of the same reply failed, so nothing has changed since before it.",
      "result e ok: tested",
    ]);
    expect(log).toEqual(["test", "build x", "look z", "test"]);
  });

  it("a limit that trips in the middle of a turn answers the open calls", async () => {
    const model = playing([
      { calls: [call("a", "build", { attribute: "x" }), call("b", "build", { attribute: "y" }), call("c", "look", { at: "z" })] },
    ]);
    const { events, end } = await play(input({ model, limits: { builds: 2 } }));
    expect(brief(events).slice(4)).toEqual([
      "call a build",
      "build",
      "result a error: x failed",
      "call b build",
      "build",
      "result b error: y failed",
      "result c error: Not run: the run reached a limit (2 of 2 builds were started; raise limits.builds and resume).",
    ]);
    expect(end.outcome).toEqual({
      kind: "limit",
      limit: "builds",
      detail: "2 of 2 builds were started; raise limits.builds and resume",
    });
  });

  it("an interruption lets the running tool end and answers the rest", async () => {
    const controller = new AbortController();
    const slow = defineTool({
      name: "slow",
      about: "Waits for the abort.",
      args: z.strictObject({}),
      writes: true,
      run: (_, { signal }) =>
        new Promise((_resolve, rejected) => {
          signal.addEventListener("abort", () => rejected(new Error("aborted")));
          controller.abort();
        }),
    });
    const model = playing([{ calls: [call("a", "slow", {}), call("b", "slow", {})] }]);
    const { events, end } = await play(input({ model, tools: [slow], signal: controller.signal }));
    expect(brief(events).slice(4)).toEqual([
      "call a slow",
      "result a error: slow was stopped before it ended; what it had done so far may or may not stand.",
      "result b error: Not run: the run was interrupted.",
    ]);
    expect(end.outcome).toEqual({ kind: "interrupted" });
  });

  it("unknown tools, bugs and refused calls are results like any other", async () => {
    const model = playing([
      {
        calls: [
          call("a", "loook", {}),
          call("b", "crash", {}),
          call("c", "write", { text: "secret" }),
          call("d", "look", { att: "x" }),
        ],
      },
      { calls: [call("e", "finish", { detail: "" })] },
    ]);
    const police = (tool: { writes: boolean }): string | undefined =>
      tool.writes ? "this session only looks; use look" : undefined;
    const { end, events } = await play(input({ model, police }));
    expect(events.flatMap((event) => (event.type === "result" ? [event.text] : []))).toEqual([
      'There is no tool "loook". Did you mean look? The tools are: look, write, build, finish, crash.',
      "crash failed inside crq-agent, which is a bug of crq-agent and not of your call (TypeError: x is not a function). It may or may not have had an effect: look before you go on, and try another way.",
      "write was refused: this session only looks; use look",
      'look was not run: its arguments do not fit.\n  at: Invalid input: expected string, received undefined\n  att: unknown; did you mean at?\nExpected:\n  at: {"type":"string"}\nMend these and send the call again.',
      "The run ends here.",
    ]);
    const { calls, results } = callsAndResults(end.messages);
    expect(results).toEqual(calls);
  });
});

describe("replies that are cut or fail", () => {
  it("runs the whole calls of a reply cut at the limit and says of the last that it was cut off, not malformed", async () => {
    const model = playing([
      { stop: "length", calls: [call("a", "look", { at: "x" }), call("b", "write", '{"text":"hal')] },
      { calls: [call("c", "finish", { detail: "d" })] },
    ]);
    const { events } = await play(input({ model }));
    expect(brief(events).slice(4, 8)).toEqual([
      "call a look",
      "result a ok: saw x",
      "call b write",
      "result b error: write was not run: the reply reached its output limit after 12 characters of these arguments, so they were cut off. Nothing was changed. Send the call again with less in it: fewer files or smaller edits in one call, without text before it.",
    ]);
  });

  it("lets text cut at the limit go on", async () => {
    const model = playing([{ stop: "length", text: "First I will" }, { calls: [call("c", "finish", { detail: "d" })] }]);
    const { events } = await play(input({ model, acceptance: accepted }));
    expect(brief(events).slice(3, 5)).toEqual(["reply 1: length", "user: Go on."]);
  });

  it("ends with the provider's words; the failed reply is journaled and counted, and no part of the conversation", async () => {
    const { events, end } = await play(input({ model: playing([{ stop: "error", text: "529 overloaded", usage: PRICED }]) }));
    expect(brief(events)).toEqual(["phase loop apply", "user: Mend this.", "ask 1", "reply 1: error"]);
    expect(end.outcome).toEqual({ kind: "provider", detail: "529 overloaded" });
    expect(end.messages).toEqual([{ role: "user", text: "Mend this." }]);
    expect(end.tally.usage).toEqual(PRICED);
  });

  it("books a request that was interrupted in flight at its worst case", async () => {
    const controller = new AbortController();
    const model = playing([
      () => {
        controller.abort();
        return { stop: "aborted" };
      },
    ]);
    const { events, end } = await play(input({ model, signal: controller.signal }));
    expect(events.at(-1)).toEqual({ type: "lost", turn: 1, usage: PRICED });
    expect(end.outcome).toEqual({ kind: "interrupted" });
    expect(end.tally.lost).toEqual({ requests: 1, usage: PRICED });
  });

  it("turns an acceptance that breaks into infra, never into done", async () => {
    const { end } = await play(
      input({
        model: playing([{ text: "Done." }]),
        acceptance: async () => {
          throw new Error("disk full");
        },
      }),
    );
    expect(end.outcome).toEqual({ kind: "infra", detail: "the acceptance could not be run: disk full" });
  });

  it("takes another ending from the acceptance", async () => {
    const acceptance = async (): Promise<Acceptance> => ({
      ok: false,
      text: "",
      outcome: { kind: "tampering", detail: "section 5 was edited" },
    });
    expect((await play(input({ model: playing([{ text: "Done." }]), acceptance }))).end.outcome).toEqual({
      kind: "tampering",
      detail: "section 5 was edited",
    });
  });
});

describe("limits", () => {
  const looking = (n: number): Parameters<typeof playing>[0] =>
    Array.from({ length: n }, (_, i) => ({ calls: [call(`c${i}`, "look", { at: String(i) })] }));

  it("turns: the last reply's calls still run, then no further request is sent", async () => {
    const model = playing(looking(9));
    const { end } = await play(input({ model, limits: { turns: 3 } }));
    expect(end.outcome).toEqual({
      kind: "limit",
      limit: "turns",
      detail: "3 of 3 turns were used; raise limits.turns and resume",
    });
    expect(model.asks.length).toBe(3);
    expect(callsAndResults(end.messages)).toEqual({ calls: ["c0", "c1", "c2"], results: ["c0", "c1", "c2"] });
  });

  it("money: a request whose worst case passes the cap is not sent", async () => {
    const model = playing(looking(9));
    const { end } = await play(input({ model, limits: { usd: 0.025 } }));
    expect(model.asks.length).toBe(2);
    expect(end.outcome).toEqual({
      kind: "limit",
      limit: "usd",
      detail: "$0.0200 of $0.0250 was spent or booked and the next request could cost up to $0.0100; raise limits.usd and resume",
    });
  });

  it("hold for all conversations of a session together, but circles are each one's own", async () => {
    const first = await play(input({ model: playing(looking(2)), limits: { turns: 2 } }));
    const spent = { ...first.end.tally, repeats: 9 };
    const { end } = await play(input({ model: playing(looking(9)), limits: { turns: 3, repeats: 4 }, spent }));
    expect(end.outcome).toMatchObject({ limit: "turns" });
    expect(end.tally).toMatchObject({ turns: 3, usage: { input: 30 } });
  });

  it("money: an unknown price and a cap send nothing at all", async () => {
    const { worstCase: _, ...model } = playing(looking(9));
    const { end } = await play(input({ model, limits: { usd: 2 } }));
    expect(model.asks.length).toBe(0);
    expect(end.outcome).toEqual({
      kind: "limit",
      limit: "usd",
      detail:
        "the price of this model is unknown, so the cap of $2 cannot be kept; set it under [prices] in crq-agent.toml or drop the cap",
    });
  });

  it("repeats: the same failing call", async () => {
    const model = playing(Array.from({ length: 9 }, (_, i) => ({ calls: [call(`c${i}`, "look", { wrong: 1 })] })));
    const { end } = await play(input({ model, limits: { repeats: 3 } }));
    expect(end.outcome).toMatchObject({ kind: "limit", limit: "repeats" });
    expect(model.asks.length).toBe(3);
  });

  it("repeats: replies that never call a tool", async () => {
    const model = playing(Array.from({ length: 9 }, () => ({ text: "Done." })));
    const { end } = await play(input({ model, limits: { repeats: 3 } }));
    expect(end.outcome).toMatchObject({ kind: "limit", limit: "repeats" });
    expect(model.asks.length).toBe(3);
  });

  it("stagnation: the same diagnosis whatever is tried between", async () => {
    const model = playing(
      Array.from({ length: 20 }, (_, i) => ({
        calls: [call(`w${i}`, "look", { at: `${i}` }), call(`b${i}`, "build", { attribute: `x${i}` })],
      })),
    );
    const { end } = await play(input({ model, limits: { stagnation: 4 } }));
    expect(end.outcome).toMatchObject({ kind: "limit", limit: "stagnation" });
    expect(model.asks.length).toBe(4);
  });

  it("wall time: ends a tool that hangs, and the run", async () => {
    const hangs = defineTool({
      name: "hang",
      about: "Hangs until it is stopped.",
      args: z.strictObject({}),
      writes: false,
      run: (_, { signal }) =>
        new Promise((_resolve, rejected) => signal.addEventListener("abort", () => rejected(new Error("stopped")))),
    });
    const model = playing([{ calls: [call("a", "hang", {})] }]);
    const { end } = await play(input({ model, tools: [hangs], limits: { wallMs: 50 }, now: () => performance.now() }));
    expect(end.outcome).toMatchObject({ kind: "limit", limit: "wall" });
    expect(callsAndResults(end.messages)).toEqual({ calls: ["a"], results: ["a"] });
  });

  it("wall time: an acceptance that it cuts short decides nothing, so that a resume runs it again", async () => {
    const acceptance = (signal: AbortSignal): Promise<Acceptance> =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () =>
          resolve({ ok: false, text: "", outcome: { kind: "incomplete", detail: "AC-1: the run was stopped" } }),
        ),
      );
    const model = playing([{ text: "Done." }]);
    const { end, events } = await play(input({ model, acceptance, limits: { wallMs: 50 }, now: () => performance.now() }));
    expect(end.outcome).toMatchObject({ kind: "limit", limit: "wall" });
    expect(brief(events).at(-1)).toBe("reply 1: end");
  });
});

describe("resume", () => {
  const broken = {
    ...newState(),
    messages: [
      { role: "user" as const, text: "Mend this." },
      reply({ calls: [call("a", "look", { at: "x" }), call("b", "write", { text: "y" }), call("c", "write", { text: "z" })] }),
      { role: "tool" as const, callId: "a", tool: "look", text: "saw x", isError: false },
    ],
    started: new Set(["a", "b"]),
  };
  const model = (): ReturnType<typeof playing> => playing([{}, { calls: [call("d", "finish", { detail: "d" })] }]);

  it("does not run again what may have written, and runs what was not begun", async () => {
    const log: string[] = [];
    const { events } = await play(input({ model: model(), resume: broken, tools: toolbox(log) }));
    expect(brief(events)).toEqual([
      "result b error: Interrupted: crq-agent was stopped while this call ran, and whether it took effect is unknown. Look at the present state before you act.",
      "call c write",
      "mechanic",
      "result c ok: wrote z",
      "ask 1",
      "reply 1: tools",
      "call d finish",
      "result d ok: The run ends here.",
    ]);
    expect(log).toEqual(["write z"]);
  });

  it("runs it again where the caller has put the worktree back", async () => {
    const log: string[] = [];
    await play(input({ model: model(), resume: broken, tools: toolbox(log), mayRunAgain: () => true }));
    expect(log).toEqual(["write y", "write z"]);
  });

  it("tells calls of two replies apart that have the same id, as some providers give them", async () => {
    const log: string[] = [];
    const again = playing([
      { calls: [call("0", "write", { text: "x" })] },
      { calls: [call("0", "write", { text: "y" })] },
      { calls: [call("0", "finish", { detail: "d" })] },
    ]);
    const { events } = await play(input({ model: again, tools: toolbox(log) }));
    expect(brief(events).filter((line) => line.startsWith("call"))).toEqual(["call 0 write", "call 0 write", "call 0 finish"]);
    expect(log).toEqual(["write x", "write y"]);
  });

  it("remembers an end that was journaled but not acted on", async () => {
    const resume = { ...newState(), messages: [{ role: "user" as const, text: "x" }], ended: { kind: "done" as const } };
    expect(await play(input({ model: model(), resume }))).toMatchObject({ events: [], end: { outcome: { kind: "done" } } });
  });

  it("books a request in flight before it asks again", async () => {
    const resume = {
      ...newState(),
      messages: [{ role: "user" as const, text: "Mend this." }],
      asked: { turn: 1, worstCase: PRICED },
    };
    const { events } = await play(input({ model: playing([{ calls: [call("d", "finish", { detail: "d" })] }]), resume }));
    expect(brief(events).slice(0, 2)).toEqual(["lost", "ask 1"]);
  });
});
