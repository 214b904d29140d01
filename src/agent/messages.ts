/** What travels between the loop and a model. These types know no vendor, no Nix and no CRQ. */

export interface ToolCall {
  /** Given by the provider; unique inside one conversation. */
  readonly id: string;
  readonly tool: string;
  /** The arguments as the provider delivered them, unparsed, so that "cut off" and "malformed" stay distinguishable. */
  readonly arguments: string;
}

/** Tokens of one reply. `usd` is absent when the price is unknown: an unknown price is never 0. */
export interface Usage {
  /** Input tokens that were neither read from nor written to a cache. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly usd?: number;
}

/** Why a reply ended. `length`: cut at the output limit; `error`: no usable reply, `text` says why; `aborted`: by our own signal. */
export type Stop = "end" | "tools" | "length" | "error" | "aborted";

export interface UserMessage {
  readonly role: "user";
  readonly text: string;
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: Usage;
  readonly stop: Stop;
  /** The model that wrote it; `raw` may be sent back to this model only. */
  readonly model: string;
  /** The vendor's own reply, opaque (signed thinking blocks, item ids). */
  readonly raw?: unknown;
  /** Of `stop: "error"`: the provider's answer to the request, where it gave one. */
  readonly refusal?: Refusal;
  /** Of `stop: "error"`: nobody was there to answer (down, unreachable, key or rate refused), so it says nothing about the model. */
  readonly unavailable?: boolean;
  /** Of `stop: "error"`: a recording has no reply to this request, so it says nothing about the model either. */
  readonly unrecorded?: boolean;
}

export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** Milliseconds that the provider asked to wait. */
  readonly retryAfterMs?: number;
}

export interface ToolMessage {
  readonly role: "tool";
  readonly callId: string;
  readonly tool: string;
  /** For the model. */
  readonly text: string;
  readonly isError: boolean;
  /** For the journal and the report; never sent to a model. `rules` reads it as well: it is the typed form of `text`. */
  readonly details?: unknown;
}

export type Message = UserMessage | AssistantMessage | ToolMessage;

/** A tool as a model sees it. */
export interface ToolSpec {
  readonly name: string;
  readonly about: string;
  /** JSON Schema, draft 2020-12, of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One request. `system` and `tools` are byte-stable during a session, so that providers can cache the prefix. */
export interface Ask {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

/**
 * The model seam. `complete` never rejects: whatever goes wrong becomes a message with `stop: "error"` and a text that says what
 * happened and what to do; an abort becomes `stop: "aborted"`.
 */
export interface Model {
  /** `provider:name` as the user wrote it, or `rules`. */
  readonly name: string;
  complete(ask: Ask): Promise<AssistantMessage>;
  /** The most one request can cost, for booking a request that was in flight at a crash. Absent: price unknown. */
  worstCase?(ask: Ask): Usage;
  /** Milliseconds in all, the present wait included, in which a request lay with somebody who may be away: they are no work. Absent: 0. */
  waitedMs?(): number;
  /** Aborted when whoever sent the last reply takes it back while it is carried out: that ends its calls, or the acceptance it asked for, and not the run. */
  withdrawn?(): AbortSignal | undefined;
}

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 };

/** Sums token counts; the sum's price is unknown as soon as one part's is. */
export function addUsage(a: Usage, b: Usage): Usage {
  const tokens = {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
  };
  return a.usd === undefined || b.usd === undefined ? tokens : { ...tokens, usd: a.usd + b.usd };
}
