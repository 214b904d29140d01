import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Ask, AssistantMessage, ToolCall, Usage } from "../../agent/messages.ts";
import { attempt, type Timeouts } from "../attempt.ts";
import type { Price } from "../price.ts";
import { worstCase } from "../prices.ts";

/** What every maker is given. */
export interface VendorSettings {
  /** As the user wrote it: `openai:gpt-5`. Marks replies, so that a vendor gets its own raw items back and nobody else's. */
  readonly name: string;
  /** The provider's name of the model. */
  readonly model: string;
  readonly key: string;
  readonly keyVariable?: string;
  readonly baseUrl?: string;
  readonly price: Price | undefined;
  readonly secrets: readonly string[];
  /** Tries after the first one, made by the SDK on 408, 409, 429, 5xx and broken connections, with the wait the server asks for. */
  readonly maxRetries: number;
  readonly timeouts: Timeouts;
  /** How much the model is to think, where it can. Absent: the provider's default. */
  readonly effort?: Effort;
}

export const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof EFFORTS)[number];

/**
 * One guarded request with a vendor's settings.
 * @param firstSign milliseconds until the first sign of life, for SDKs that do not bound their tries
 */
export const request = (
  ask: Ask,
  settings: VendorSettings,
  send: (signal: AbortSignal, alive: () => void) => Promise<AssistantMessage>,
  firstSign?: number,
): Promise<AssistantMessage> =>
  attempt(
    ask,
    {
      ...(firstSign !== undefined && { firstSign }),
      name: settings.name,
      timeouts: settings.timeouts,
      secrets: settings.secrets,
      worstCase: (asked) => bound(asked, settings),
      ...(settings.keyVariable !== undefined && { keyVariable: settings.keyVariable }),
    },
    send,
  );

export const bound = (ask: Ask, settings: VendorSettings): Usage => worstCase(ask, settings.price);

const object = z.record(z.string(), z.unknown());

/**
 * Arguments as an object, for vendors that take nothing else back. What a model wrote wrongly is shown to it as it was, under a name that
 * says so.
 */
export function argumentsObject(received: string): Record<string, unknown> {
  if (received.trim() === "") return {};
  try {
    const parsed = object.safeParse(JSON.parse(received));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: told below as it is; the tool's result says what was wrong with it.
  }
  return { "not-json": received };
}

/**
 * A tool's name as it goes back to a provider: most refuse a whole conversation for one name of another form (letters, digits, `_` and `-`, at
 * most 64), also where a model made it up and was told so.
 */
export const sentName = (tool: string): string => tool.replaceAll(/[^a-zA-Z0-9_-]/gu, "_").slice(0, 64) || "unnamed";

/** A call's id where only `most` characters are taken: a longer one, of another provider, becomes a short one that is always the same. */
export const sentId = (id: string, most: number): string =>
  id.length <= most ? id : `call_${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;

/** Anthropic refuses a conversation for one text of blanks alone, whoever wrote it. */
export const isBlank = (text: string): boolean => text.trim() === "";

/** What a provider counted, where it is a count. */
export const counted = (given: unknown): number | undefined =>
  typeof given === "number" && Number.isSafeInteger(given) && given >= 0 ? given : undefined;

/** Calls with ids that are unique in the conversation, for providers that give none or the same ones again. */
export function distinctCalls(calls: readonly ToolCall[], ask: Ask): readonly ToolCall[] {
  const taken = new Set(
    ask.messages.flatMap((message) => (message.role === "assistant" ? message.calls.map(({ id }) => id) : [])),
  );
  return calls.map((call) => {
    const id = call.id === "" || taken.has(call.id) ? `call_${randomUUID().replaceAll("-", "").slice(0, 24)}` : call.id;
    taken.add(id);
    return { ...call, id };
  });
}

export const sameIds = (a: readonly ToolCall[], b: readonly ToolCall[]): boolean => a.every(({ id }, at) => id === b[at]?.id);
