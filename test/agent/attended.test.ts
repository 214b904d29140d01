import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Acceptance } from "../../src/agent/loop.ts";
import type { Model } from "../../src/agent/messages.ts";
import { defineTool } from "../../src/agent/tool.ts";
import { brief, call, callsAndResults, input, play, playing, toolbox } from "./play.ts";

/** A model whose replies come from somebody outside of the run, who may be away, and may take back what was asked for. */

describe("a model that waits for somebody", () => {
  it("is charged no wall time for the wait, now and after a resume", async () => {
    let clock = 0;
    let waited = 0;
    const replies = playing([{ calls: [call("a", "look", { at: "x" })] }, { text: "Done." }]);
    const model: Model = {
      name: "test:away",
      waitedMs: () => waited,
      complete: async (ask) => {
        clock += 1_000_000;
        waited += 999_000;
        return replies.complete(ask);
      },
    };
    const { events, end } = await play(
      input({ model, now: () => clock, limits: { wallMs: 3_000 }, acceptance: async () => ({ ok: true, text: "" }) }),
    );
    expect(end).toMatchObject({ outcome: { kind: "done" }, tally: { wallMs: 2_000 } });
    expect(events.flatMap((event) => (event.type === "reply" ? [[event.ms, event.waitedMs]] : []))).toEqual([
      [1_000_000, 999_000],
      [1_000_000, 999_000],
    ]);
  });

  it("is not ended by a wall limit that passes while it waits", async () => {
    const began = performance.now();
    let since: number | undefined;
    let before = 0;
    const replies = playing([{ text: "Done." }]);
    const model: Model = {
      name: "test:away",
      waitedMs: () => before + (since === undefined ? 0 : performance.now() - since),
      complete: async (ask) => {
        since = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 300));
        before = performance.now() - since;
        since = undefined;
        return ask.signal.aborted ? { ...(await replies.complete(ask)), stop: "aborted" } : replies.complete(ask);
      },
    };
    const { end } = await play(
      input({
        model,
        now: () => performance.now() - began,
        limits: { wallMs: 100 },
        acceptance: async () => ({ ok: true, text: "" }),
      }),
    );
    expect(end.outcome).toEqual({ kind: "done" });
  });
});

describe("a reply that is taken back", () => {
  const untilStopped = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, rejected) => signal.addEventListener("abort", () => rejected(new Error("stopped"))));

  it("ends its call, and the run goes on", async () => {
    const withdrawal = new AbortController();
    const slow = defineTool({
      name: "slow",
      about: "Runs until it is stopped.",
      args: z.strictObject({}),
      writes: false,
      run: async (_, { signal }) => {
        setTimeout(() => withdrawal.abort(), 0);
        return untilStopped(signal);
      },
    });
    const replies = playing([{ calls: [call("a", "slow", {})] }, { calls: [call("b", "look", { at: "x" })] }, { text: "Done." }]);
    const model: Model = {
      name: "test:taken-back",
      complete: (ask) => replies.complete(ask),
      withdrawn: () => (replies.asks.length === 1 ? withdrawal.signal : undefined),
    };
    const { end } = await play(input({ model, tools: [...toolbox(), slow], acceptance: async () => ({ ok: true, text: "" }) }));
    expect(end.outcome).toEqual({ kind: "done" });
    expect(callsAndResults(end.messages)).toEqual({ calls: ["a", "b"], results: ["a", "b"] });
    expect(end.messages[2]).toMatchObject({
      role: "tool",
      callId: "a",
      isError: true,
      text: expect.stringMatching(/^slow was stopped/u),
    });
  });

  it("ends the acceptance that it asked for without a verdict", async () => {
    const withdrawal = new AbortController();
    const replies = playing([{ text: "Done." }, { text: "Done, really." }]);
    const model: Model = {
      name: "test:taken-back",
      complete: (ask) => replies.complete(ask),
      withdrawn: () => (replies.asks.length === 1 ? withdrawal.signal : undefined),
    };
    const acceptance = async (signal: AbortSignal): Promise<Acceptance> => {
      if (replies.asks.length > 1) return { ok: true, text: "" };
      withdrawal.abort();
      // What a stopped acceptance finds would end the run as incomplete.
      return { ok: false, text: "", outcome: { kind: "incomplete", detail: `aborted: ${signal.aborted}` } };
    };
    const { events, end } = await play(input({ model, acceptance }));
    expect(end.outcome).toEqual({ kind: "done" });
    expect(brief(events).slice(4)).toEqual([
      expect.stringMatching(/^user: Stopped before the criteria were all run/u),
      "ask 2",
      "reply 2: end",
      "acceptance",
    ]);
  });
});
