import { toolSpecs } from "./call/tool-specs.ts";
import { type ContextSizes, compact } from "./conversation/context.ts";
import { requestHash } from "./conversation/request-hash.ts";
import { advance, bookLost, LOOP_PHASE, type LoopState, newState, openCalls, ownState } from "./conversation/state.ts";
import { startStopwatch } from "./conversation/stopwatch.ts";
import type { EventBody } from "./events.ts";
import { execute, presentable, type Workbench } from "./execute.ts";
import { type Limits, overBudget, type Tally, trippedLimit } from "./limits.ts";
import type { Ask, AssistantMessage, Message, Model, ToolCall } from "./messages.ts";
import type { Outcome } from "./outcome.ts";
import type { Tool, ToolNote } from "./tool.ts";

/** What the host found when the model said that it is done. */
export interface Acceptance {
  readonly ok: boolean;
  /** What is unmet, for the model; becomes the next user message. */
  readonly text: string;
  /** Ends the run in another way than `ok` says (nothing to do, tampering, infra). */
  readonly outcome?: Outcome;
  /** For the journal, as plain JSON. Top-level `progress` (a number) and any `fingerprint` inside feed the stagnation limit. */
  readonly details?: unknown;
}

export interface LoopInput extends Workbench {
  readonly model: Model;
  /** Byte-stable for the whole conversation. */
  readonly system: string;
  /** First user message of a new conversation. */
  readonly opening: string;
  /** Detail of the phase event that opens the conversation; tells several conversations of one session apart. */
  readonly name: string;
  readonly limits: Limits;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
  /** From the fold of the journal: go on where it ends. */
  readonly resume?: LoopState;
  /** What earlier conversations of the same session used: limits hold for all of them together. Not with `resume`, which knows. */
  readonly spent?: Tally;
  /** Without it (draft) only a tool can end the run. */
  readonly acceptance?: (signal: AbortSignal) => Promise<Acceptance>;
  readonly texts: {
    /** To a reply that calls no tool where there is no acceptance: names the finishing tool. */
    readonly nudge: string;
    /** To a reply that was cut at the output limit before it called a tool. */
    readonly goOn: string;
  };
  readonly context?: ContextSizes;
  /**
   * Whether a call that was running when the process died may simply run again. Default: when its tool only looks. A caller that puts the
   * worktree back to its last snapshot may say yes to all.
   */
  readonly mayRunAgain?: (tool: Tool) => boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

export interface LoopEnd {
  readonly outcome: Outcome;
  readonly messages: readonly Message[];
  readonly tally: Tally;
}

/**
 * The loop. It yields each journal event before the effect that the event describes, and goes on only when asked for the next one, so a
 * caller that makes the event durable first can be killed anywhere. Its only state is the fold of those events. Every call of a reply gets
 * exactly one result: also after an abort, a limit, a crash and a resume.
 */
export async function* runLoop(input: LoopInput): AsyncGenerator<EventBody, LoopEnd> {
  const { model, limits, texts } = input;
  const tools = toolSpecs(input.tools);
  const state = input.resume ? ownState(input.resume) : newState(input.spent);
  const waited = (): number => model.waitedMs?.() ?? 0;
  const watch = startStopwatch({ limits, now: () => input.now() - waited() }, state.tally.wallMs);
  const signal = AbortSignal.any([input.signal, watch.expired]);
  const tally = (): Tally => ({ ...state.tally, wallMs: watch.elapsed() });
  /** While a reply is carried out. */
  const working = (): AbortSignal => {
    const withdrawn = model.withdrawn?.();
    return withdrawn ? AbortSignal.any([signal, withdrawn]) : signal;
  };
  const end = (outcome: Outcome): LoopEnd => ({ outcome, messages: state.messages, tally: tally() });

  function* say(event: EventBody): Generator<EventBody, undefined> {
    advance(state, event);
    yield event;
  }

  async function* answer(call: ToolCall, cutOff: boolean): AsyncGenerator<EventBody, void> {
    const { turns: turn } = state.tally;
    const begun = state.started.has(call.id);
    const skip =
      whyNotRun(state, limits, tally(), input.signal) ??
      failedBefore(state, input.tools, call) ??
      (begun && !mayRunAgain(input, call) ? CRASHED : undefined);
    const result = { type: "result", turn, callId: call.id, tool: call.tool } as const;
    if (skip !== undefined) return yield* say({ ...result, text: skip, isError: true, ms: 0 });
    if (!begun) yield* say({ type: "call", turn, call });
    const started = input.now();
    const running = execute(call, input, working(), cutOff);
    let step = await running.next();
    for (; !step.done; step = await running.next()) yield* say(noteEvent(step.value));
    const writes = input.tools.find((tool) => tool.name === call.tool)?.writes ?? false;
    yield* say({ ...result, ...step.value, writes, ms: input.now() - started });
  }

  async function* conclude(reply: AssistantMessage): AsyncGenerator<EventBody, Outcome | undefined> {
    if (reply.stop === "length") return yield* say({ type: "user", text: texts.goOn });
    if (input.acceptance === undefined) return yield* say({ type: "user", text: texts.nudge });
    const judging = working();
    const judged = await judge(input.acceptance, judging);
    if (input.signal.aborted) return { kind: "interrupted" };
    if (judging.aborted && !signal.aborted) return yield* say({ type: "user", text: WITHDRAWN });
    // The time is over: what was stopped on the way says nothing against the work, and a resume judges it anew.
    if (signal.aborted && !judged.ok) return trippedLimit(limits, tally());
    yield* say({ type: "acceptance", stage: "loop", report: judged.details ?? null });
    if (judged.outcome !== undefined) return judged.outcome;
    if (judged.ok) return { kind: "done" };
    return yield* say({ type: "user", text: await presentable(judged.text, `acceptance-${state.tally.turns}`, input) });
  }

  try {
    if (state.asked !== undefined) yield* say(bookLost(state.asked));
    if (state.messages.length === 0) {
      yield* say({ type: "phase", phase: LOOP_PHASE, detail: input.name });
      yield* say({ type: "user", text: input.opening });
    }
    for (;;) {
      const last = state.messages.findLast((message) => message.role === "assistant");
      for (const call of openCalls(state.messages)) yield* answer(call, last?.stop === "length" && call === last.calls.at(-1));
      if (state.ended !== undefined) return end(state.ended);
      if (input.signal.aborted) return end({ kind: "interrupted" });
      if (last !== undefined && last === state.messages.at(-1)) {
        const outcome = yield* conclude(last);
        if (outcome !== undefined) return end(outcome);
      }
      const { system, maxOutputTokens } = input;
      // A copy: the list of the state grows on while the request is still looked at.
      const messages = [...compact(state.messages, input.context)];
      const ask: Ask = { system, messages, tools, maxOutputTokens, signal };
      const worstCase = model.worstCase?.(ask);
      const limit = trippedLimit(limits, tally()) ?? overBudget(limits, tally(), worstCase);
      if (limit !== undefined) return end(limit);
      const turn = state.tally.turns + 1;
      const hash = await requestHash(ask);
      yield* say({ type: "ask", turn, hash, ...(worstCase && { worstCase }) });
      const [sent, waitedBefore] = [input.now(), waited()];
      const reply = await model.complete(ask);
      const waitedMs = waited() - waitedBefore;
      const waitedFor = waitedMs > 0 ? { waitedMs } : {};
      if (reply.stop === "aborted") {
        yield* say({ ...bookLost({ turn, ...(worstCase && { worstCase }) }), ...waitedFor });
        if (input.signal.aborted) return end({ kind: "interrupted" });
        return end(trippedLimit(limits, tally()) ?? { kind: "provider", detail: reply.text });
      }
      const ms = input.now() - sent;
      yield* say({ type: "reply", turn, hash, message: { ...reply, calls: [...reply.calls] }, ms, ...waitedFor });
      if (reply.stop === "error") return end({ kind: "provider", detail: reply.text });
    }
  } finally {
    watch.stop();
  }
}

const CRASHED =
  "Interrupted: crq-agent was stopped while this call ran, and whether it took effect is unknown. Look at the present state before you act.";

const WITHDRAWN = "Stopped before the criteria were all run: whoever asked for it took it back. Nothing was decided.";

/** Why a call of the present reply is answered without being run. Turns, tokens and money are spent already and stop no call. */
function whyNotRun(state: LoopState, limits: Limits, tally: Tally, signal: AbortSignal): string | undefined {
  if (state.ended !== undefined) return "Not run: an earlier call of the same reply ended the run.";
  if (signal.aborted) return "Not run: the run was interrupted.";
  const { turns: _turns, tokens: _tokens, usd: _usd, ...running } = limits;
  const limit = trippedLimit(running, tally);
  return limit && `Not run: the run reached a limit (${limit.detail}).`;
}

/** A call that builds on one which failed before it in the same reply would look at something else than the reply meant. */
function failedBefore({ messages }: LoopState, tools: readonly Tool[], call: ToolCall): string | undefined {
  const restsOn = tools.find(({ name }) => name === call.tool)?.restsOn ?? [];
  const since = messages.findLastIndex(({ role }) => role === "assistant");
  const failed = messages
    .slice(since + 1)
    .find((message) => message.role === "tool" && message.isError && restsOn.includes(message.tool));
  return failed?.role === "tool"
    ? `Not run: ${failed.tool} of the same reply failed, so nothing has changed since before it.`
    : undefined;
}

function mayRunAgain(input: LoopInput, call: ToolCall): boolean {
  const tool = input.tools.find((candidate) => candidate.name === call.tool);
  return tool === undefined || (input.mayRunAgain?.(tool) ?? !tool.writes);
}

async function judge(acceptance: (signal: AbortSignal) => Promise<Acceptance>, signal: AbortSignal): Promise<Acceptance> {
  try {
    return await acceptance(signal);
  } catch (error) {
    const detail = `the acceptance could not be run: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, text: detail, outcome: { kind: "infra", detail } };
  }
}

/** A note as the journal holds it. */
export function noteEvent(note: ToolNote): EventBody {
  switch (note.note) {
    case "mechanic":
      return { type: "mechanic", name: note.name, detail: note.detail, paths: [...note.paths] };
    case "build": {
      const { note: _, ...build } = note;
      return { type: "build", ...build };
    }
    case "snapshot":
      return { type: "snapshot", tree: note.tree };
    case "progress":
      return { type: "progress", text: note.text };
  }
}
