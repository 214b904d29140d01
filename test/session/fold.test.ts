import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoopState } from "../../src/agent/conversation/state.ts";
import type { Event, EventBody } from "../../src/agent/events.ts";
import { type Acceptance, type LoopEnd, type LoopInput, runLoop } from "../../src/agent/loop.ts";
import { type AssistantMessage, NO_USAGE } from "../../src/agent/messages.ts";
import { conversation, fold, pendingCalls } from "../../src/session/fold.ts";
import { call, callsAndResults, input, PRICED, playing, reply, toolbox } from "../agent/play.ts";
import { anyJournal } from "./any-journal.ts";
import { plainFold } from "./plain-fold.ts";

const HEADER: EventBody = {
  type: "session",
  schema: "crq-event/1",
  id: "s",
  agent: "0",
  verb: "apply",
  model: "test:play",
  request: {},
};

const numbered = (bodies: readonly EventBody[]): readonly Event[] => bodies.map((body, seq) => ({ seq, at: seq * 10, ...body }));

/** One entry of a random script. */
type Entry = Partial<AssistantMessage>;

const toolCall = fc.oneof(
  fc.record({ tool: fc.constant("look"), args: fc.constantFrom<unknown>({ at: "a" }, { at: "b" }, { wrong: 1 }, '{"at":', "") }),
  fc.record({ tool: fc.constant("write"), args: fc.string({ maxLength: 3 }).map<unknown>((text) => ({ text })) }),
  fc.record({ tool: fc.constantFrom("build", "crash", "nosuch"), args: fc.constant<unknown>({ attribute: "x" }) }),
);

const script = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          calls: fc.array(toolCall, { minLength: 1, maxLength: 3 }),
          stop: fc.constantFrom("tools" as const, "length" as const),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ text: fc.constant("Done."), stop: fc.constantFrom("end" as const, "length" as const) }),
      },
      {
        weight: 1,
        arbitrary: fc.constant({
          calls: [
            { tool: "look", args: { at: "a" } as unknown },
            { tool: "finish", args: { detail: "d" } as unknown },
            { tool: "look", args: { at: "z" } as unknown },
          ],
          stop: "tools" as const,
        }),
      },
      { weight: 1, arbitrary: fc.constant({ text: "overloaded", stop: "error" as const, usage: NO_USAGE }) },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((entries) =>
    entries.map((entry, at): Entry => {
      const { calls, ...rest } = { calls: undefined, ...entry };
      return { ...rest, ...(calls && { calls: calls.map((one, i) => call(`c${at}-${i}`, one.tool, one.args)) }) };
    }),
  );

interface World {
  readonly script: readonly Entry[];
  readonly verdicts: readonly boolean[];
  readonly limits: LoopInput["limits"];
}

const world: fc.Arbitrary<World> = fc.record({
  script,
  verdicts: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  // Not money and not builds: what a crash wasted of these is booked, so that a resumed run may rightly end earlier.
  limits: fc.constantFrom<LoopInput["limits"]>({}, { turns: 3 }, { repeats: 2 }, { stagnation: 2 }),
});

/** The same model, tools and acceptance, whatever happened before: all depend on the conversation alone. */
function loopInput({ script, verdicts, limits }: World, resume: LoopState | undefined, part: Partial<LoopInput>): LoopInput {
  let replies = resume?.messages.filter((message) => message.role === "assistant").length ?? 0;
  const model = playing([...script, { calls: [call("last", "finish", { detail: "end of script" })] }]);
  const counting = {
    ...model,
    complete: async (ask: Parameters<typeof model.complete>[0]) => {
      const answer = await model.complete(ask);
      if (answer.stop !== "error") replies = ask.messages.filter((message) => message.role === "assistant").length + 1;
      return answer;
    },
  };
  const acceptance = async (): Promise<Acceptance> => ({ ok: verdicts[replies] ?? true, text: `unmet after ${replies}` });
  return input({ model: counting, limits, acceptance, ...(resume && { resume }), ...part });
}

async function run(
  loop: LoopInput,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<{ bodies: EventBody[]; end: LoopEnd | undefined }> {
  const running = runLoop(loop);
  const bodies: EventBody[] = [];
  while (bodies.length < stopAfter) {
    const step = await running.next();
    if (step.done) return { bodies, end: step.value };
    bodies.push(JSON.parse(JSON.stringify(step.value)));
  }
  // As a kill would: what comes after the last journaled event never happens.
  return { bodies, end: undefined };
}

describe("a journal cut at any line", () => {
  it("resumes to the same messages, the same usage and the same outcome, with one result a call", async () => {
    const again = { mayRunAgain: () => true };
    await fc.assert(
      fc.asyncProperty(world, async (scripted) => {
        const whole = await run(loopInput(scripted, undefined, again));
        const journal = [HEADER, ...whole.bodies];
        for (let lines = 1; lines <= journal.length; lines++) {
          const kept = journal.slice(0, lines);
          const resume = conversation(fold(numbered([...kept, { type: "phase", phase: "resume" }])), "apply");
          const rest = await run(loopInput(scripted, resume, again));
          expect(rest.end?.messages).toEqual(whole.end?.messages);
          const folded = fold(numbered([...kept, { type: "phase", phase: "resume" }, ...rest.bodies]));
          const state = conversation(folded, "apply");
          expect(state?.messages).toEqual(whole.end?.messages);
          expect(pendingCalls(folded)).toEqual([]);
          const { calls, results } = callsAndResults(state?.messages ?? []);
          expect(results).toEqual(calls);
          expect(state?.tally.lost.requests).toBe(kept.at(-1)?.type === "ask" ? 1 : 0);
          expect(state?.tally.usage).toEqual(whole.end?.tally.usage);
          expect(rest.end?.outcome).toEqual(whole.end?.outcome);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a run that is killed anywhere", () => {
  it("asks for no journaled reply again, writes nothing twice, and gives every call one result", async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
        async (scripted, kills) => {
          const written: string[] = [];
          const asked: string[] = [];
          const tools = toolbox(written).map((tool) => ({ ...tool }));
          const observed = (resume: LoopState | undefined): LoopInput => {
            const loop = loopInput(scripted, resume, { tools, limits: {} });
            const complete: LoopInput["model"]["complete"] = (ask) => {
              asked.push("asked");
              return loop.model.complete(ask);
            };
            return { ...loop, model: { ...loop.model, complete } };
          };
          const journal: EventBody[] = [HEADER];
          let end: LoopEnd | undefined;
          for (const stopAfter of [...kills, Number.POSITIVE_INFINITY]) {
            const resume = conversation(fold(numbered(journal)), "apply");
            const part = await run(observed(resume), stopAfter);
            journal.push(...part.bodies, { type: "phase", phase: "resume" });
            end = part.end;
            if (end !== undefined) break;
          }
          const state = conversation(fold(numbered(journal)), "apply");
          const { calls, results } = callsAndResults(state?.messages ?? []);
          expect(results).toEqual(calls);
          const count = (type: EventBody["type"]): number => journal.filter((event) => event.type === type).length;
          expect(count("reply") + count("lost")).toBe(count("ask"));
          expect(asked.length).toBeLessThanOrEqual(count("ask"));
          const begun = journal.flatMap((event) => (event.type === "call" && event.call.tool === "write" ? [event.call.id] : []));
          expect(new Set(begun).size).toBe(begun.length);
          expect(written.filter((line) => line.startsWith("write")).length).toBeLessThanOrEqual(begun.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("fold", () => {
  it("grows in place to what new values would come to, and leaves the journal as it is", () => {
    fc.assert(
      fc.property(anyJournal, (events) => {
        const before = structuredClone(events);
        const { conversations, ...session } = fold(events);
        const states = conversations.map(({ name, state: { streaks, ...state } }) => {
          // Two counts that the plain fold makes anew each time; its tally holds them.
          const { failed: _failed, stagnant: _stagnant, ...rest } = streaks;
          return { name, state: { ...state, streaks: rest } };
        });
        expect({ ...session, conversations: states }).toEqual(plainFold(events));
        expect(events).toEqual(before);
      }),
      { numRuns: 400 },
    );
  });

  const talk: readonly EventBody[] = [
    HEADER,
    { type: "phase", phase: "survey" },
    { type: "phase", phase: "loop", detail: "draft" },
    { type: "user", text: "Draft." },
    { type: "ask", turn: 1, hash: "h", worstCase: PRICED },
    { type: "reply", turn: 1, hash: "h", message: { ...reply({ text: "ok" }), calls: [] }, ms: 5 },
    { type: "phase", phase: "approval", detail: "yes" },
    { type: "phase", phase: "loop", detail: "apply" },
    { type: "user", text: "Apply." },
    { type: "snapshot", tree: "aaaa" },
    { type: "snapshot", tree: "bbbb" },
    { type: "build", installable: ".#x", ok: true, seconds: 2 },
    { type: "acceptance", stage: "verify", report: { ok: true } },
    { type: "outcome", outcome: { kind: "done" } },
  ];

  it("keeps conversations apart and counts what was spent through all of them", () => {
    const state = fold(numbered(talk));
    expect(state.conversations.map(({ name, state: { messages } }) => [name, messages.length])).toEqual([
      ["draft", 2],
      ["apply", 1],
    ]);
    expect(conversation(state, "apply")?.tally).toMatchObject({ turns: 1, usage: PRICED, builds: 1 });
    expect(conversation(state, "verify")).toBeUndefined();
    expect({ ...state, conversations: [], header: state.header.id }).toEqual({
      header: "s",
      conversations: [],
      phases: [{ phase: "survey" }, { phase: "approval", detail: "yes" }],
      acceptances: [{ stage: "verify", report: { ok: true } }],
      snapshot: "bbbb",
      mechanics: [],
      outcome: { kind: "done" },
      resumes: 0,
      startedAt: 0,
      lastAt: 130,
      talking: false,
    });
  });

  it("takes an outcome back when the session is resumed", () => {
    expect(fold(numbered([...talk, { type: "phase", phase: "resume" }]))).toMatchObject({ outcome: undefined, resumes: 1 });
  });

  it("counts wall time inside conversations and not between a crash and its resume", () => {
    const at = (time: number, body: EventBody): Event => ({ seq: 0, at: time, ...body });
    const events = [
      at(0, HEADER),
      at(1_000, { type: "phase", phase: "survey" }),
      at(5_000, { type: "phase", phase: "loop", detail: "apply" }),
      at(6_000, { type: "user", text: "Apply." }),
      at(9_000, { type: "ask", turn: 1, hash: "h" }),
      at(999_000, { type: "phase", phase: "resume" }),
      at(1_000_000, { type: "lost", turn: 1 }),
      at(1_500_000, { type: "phase", phase: "verify" }),
      at(2_000_000, { type: "warning", text: "slow" }),
    ];
    expect(conversation(fold(events), "apply")?.tally.wallMs).toBe(4_000 + 501_000);
  });

  it("counts it again once a resumed conversation goes on behind other phases", () => {
    const at = (time: number, body: EventBody): Event => ({ seq: 0, at: time, ...body });
    const events = [
      at(0, HEADER),
      at(1_000, { type: "phase", phase: "loop", detail: "apply" }),
      at(2_000, { type: "user", text: "Apply." }),
      at(50_000, { type: "phase", phase: "resume" }),
      at(60_000, { type: "phase", phase: "baseline" }),
      at(90_000, { type: "ask", turn: 1, hash: "h" }),
      at(91_000, { type: "progress", text: "waiting" }),
    ];
    expect(conversation(fold(events), "apply")?.tally.wallMs).toBe(1_000 + 10_000 + 1_000);
  });

  it("counts no wall time in which a request lay with somebody who may have been away", () => {
    const at = (time: number, body: EventBody): Event => ({ seq: 0, at: time, ...body });
    const message = { role: "assistant" as const, text: "", calls: [], usage: NO_USAGE, stop: "end" as const, model: "mcp:test" };
    const events = [
      at(0, HEADER),
      at(1_000, { type: "phase", phase: "loop", detail: "apply" }),
      at(2_000, { type: "ask", turn: 1, hash: "h" }),
      at(900_000, { type: "reply", turn: 1, hash: "h", message, ms: 898_000, waitedMs: 897_000 }),
      at(901_000, { type: "ask", turn: 2, hash: "h" }),
      at(999_000, { type: "lost", turn: 2, waitedMs: 98_000 }),
    ];
    expect(conversation(fold(events), "apply")?.tally.wallMs).toBe(1_000 + 1_000 + 1_000);
  });

  it("counts circles anew when a session is resumed that ended for them, and only then", () => {
    const stuck: EventBody[] = [1, 2, 3].flatMap((turn): EventBody[] => [
      { type: "ask", turn, hash: "h" },
      { type: "reply", turn, hash: "h", ms: 1, message: { ...reply({ text: "Done." }), calls: [] } },
    ]);
    const repeats = (...after: EventBody[]): number | undefined =>
      conversation(fold(numbered([HEADER, { type: "phase", phase: "loop", detail: "apply" }, ...stuck, ...after])), "apply")
        ?.tally.repeats;
    const resume: EventBody = { type: "phase", phase: "resume" };
    const ended = (limit: "repeats" | "turns"): EventBody => ({ type: "outcome", outcome: { kind: "limit", limit, detail: "" } });
    expect(repeats(ended("repeats"), resume)).toBe(0);
    expect(repeats(ended("turns"), resume)).toBe(3);
    expect(repeats(resume)).toBe(3);
  });

  it("marks a lost request of unknown price as unknown, never as free", () => {
    const state = fold(numbered([...talk.slice(0, 5), { type: "lost", turn: 1 }]));
    expect(conversation(state, "draft")?.tally.lost).toEqual({
      requests: 1,
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    });
  });
});
