import { type Ask, type AssistantMessage, NO_USAGE, type Refusal, type Usage } from "../agent/messages.ts";
import { plainText } from "../agent/plain-text.ts";
import { redact } from "../system/redact.ts";

/** In milliseconds. The SDKs bound the time to the first byte of each try; a stream that falls silent is bounded here. */
export interface Timeouts {
  /** Until the response begins, per try of the SDK. */
  readonly response: number;
  /** Between two events of a stream; reasoning models are silent for minutes. */
  readonly silence: number;
  /** One request with all its tries. */
  readonly total: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { response: 300_000, silence: 300_000, total: 1_200_000 };

/** What a failure's text needs to say the next move. */
export interface Circumstances {
  /** As the user wrote it. */
  readonly name: string;
  readonly timeouts: Timeouts;
  readonly secrets: readonly string[];
  /** Variable that holds the key. */
  readonly keyVariable?: string;
  readonly worstCase: (ask: Ask) => Usage;
  /** Until the first sign of life, where the SDK does not bound its tries by itself. */
  readonly firstSign?: number;
}

/** A reply that came but cannot be used; `billed` because the provider worked for it. */
export class UnusableReply extends Error {
  override readonly name = "UnusableReply";
}

/**
 * One request through a vendor's SDK; never rejects. Whatever goes wrong becomes a message with `stop: "error"` whose text says what
 * happened and what to do, without keys; our own abort becomes `stop: "aborted"`. A failure after which nobody knows what was billed is
 * booked at the request's worst case.
 * @param send does the request; calls `alive` at each sign of life
 */
export async function attempt(
  ask: Ask,
  circumstances: Circumstances,
  send: (signal: AbortSignal, alive: () => void) => Promise<AssistantMessage>,
): Promise<AssistantMessage> {
  const empty = { role: "assistant", text: "", calls: [], model: circumstances.name } as const;
  const aborted = { ...empty, stop: "aborted", usage: NO_USAGE } as const;
  if (ask.signal.aborted) return aborted;
  const { timeouts } = circumstances;
  const late = new AbortController();
  const total = setTimeout(() => late.abort(`no whole reply within ${seconds(timeouts.total)}`), timeouts.total);
  const { firstSign } = circumstances;
  let silence =
    firstSign === undefined ? undefined : setTimeout(() => late.abort(`no answer within ${seconds(firstSign)}`), firstSign);
  let begun = false;
  const alive = (): void => {
    begun = true;
    clearTimeout(silence);
    silence = setTimeout(() => late.abort(`the stream fell silent for ${seconds(timeouts.silence)}`), timeouts.silence);
  };
  const signal = AbortSignal.any([ask.signal, late.signal]);
  const stopped = Promise.withResolvers<never>();
  const onAbort = (): void => stopped.reject(new Error("stopped"));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    // The race is for SDKs that do not listen to the signal while they wait between tries.
    return await Promise.race([send(signal, alive), stopped.promise]);
  } catch (error) {
    if (ask.signal.aborted) return aborted;
    const reason = late.signal.aborted ? String(late.signal.reason) : undefined;
    const failure = reason === undefined ? describeFailure(error, circumstances, begun) : timedOut(reason, circumstances);
    const text = redact(failure.text, circumstances.secrets);
    const refused = reason === undefined ? refusalOf(error) : undefined;
    return {
      ...empty,
      stop: "error",
      text,
      usage: failure.billed ? circumstances.worstCase(ask) : NO_USAGE,
      ...(refused && { refusal: refused }),
      ...(failure.unavailable && { unavailable: true }),
    };
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
    signal.removeEventListener("abort", onAbort);
  }
}

interface Failure {
  readonly text: string;
  readonly billed: boolean;
  /** The provider, its network or its gate keeper: another model would have fared no better. */
  readonly unavailable: boolean;
}

const timedOut = (reason: string, { name }: Circumstances): Failure => ({
  text: `${name}: ${reason}. The request may have been billed. Resume the session to ask again.`,
  billed: true,
  unavailable: true,
});

function describeFailure(error: unknown, circumstances: Circumstances, begun: boolean): Failure {
  const { name, timeouts } = circumstances;
  const words = wordsOf(error);
  if (error instanceof UnusableReply) return { text: `${name}: ${words}`, billed: true, unavailable: false };
  const status = statusOf(error);
  if (status !== undefined) {
    const unavailable = status === 401 || status === 403 || status === 404 || status === 408 || status === 429 || status >= 500;
    return { text: `${name}: ${refusal(status, words, circumstances)}`, billed: false, unavailable };
  }
  if (begun || isProviderError(error))
    return {
      text: `${name}: the reply broke off (${words}). It may have been billed. Resume the session to ask again.`,
      billed: true,
      unavailable: true,
    };
  if (/tim(?:ed|e) ?out/iu.test(words))
    return timedOut(`no answer within ${seconds(timeouts.response)} a try (${words})`, circumstances);
  return {
    text: `${name}: the provider could not be reached (${words}). Check the network and the base URL, then resume.`,
    billed: false,
    unavailable: true,
  };
}

function refusal(status: number, words: string, { keyVariable }: Circumstances): string {
  switch (true) {
    case status === 401 || status === 403:
      return `the key was refused (${words}).${keyVariable === undefined ? "" : ` Check ${keyVariable}.`}`;
    case status === 404:
      return `there is no such model or endpoint (${words}). Check the model's name and the base URL.`;
    case status === 429:
      return `the provider's rate or spending limit is reached (${words}). Wait, or raise it with the provider, then resume.`;
    case status >= 500:
      return `the provider is overloaded or down (${words}). Resume the session later.`;
    default:
      return `the provider refused the request (${words}). It would refuse it again: resume with another model (--model).`;
  }
}

/** An error that the provider sent as an event of the stream: it has a body and no status. */
const isProviderError = (error: unknown): boolean => error instanceof Error && "error" in error && error.error instanceof Object;

/** The status of an HTTP error in any of the SDKs. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const candidates = [
    "status" in error ? error.status : undefined,
    "statusCode" in error ? error.statusCode : undefined,
    "response" in error && error.response instanceof Object && "status" in error.response ? error.response.status : undefined,
  ];
  return candidates.find((candidate) => typeof candidate === "number");
}

function refusalOf(error: unknown): Refusal | undefined {
  const status = statusOf(error);
  if (status === undefined) return undefined;
  const headers = error instanceof Error && "headers" in error ? error.headers : undefined;
  const wait = headers instanceof Headers ? Number(headers.get("retry-after") ?? Number.NaN) : Number.NaN;
  return { status, ...(wait >= 0 && { retryAfterMs: wait * 1000 }) };
}

const LONGEST_WORDS = 500;

/** The error's own words with those of its causes, on one line: an SDK says "Connection error.", its cause says which. */
function wordsOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const words = at.message === "" ? at.name : at.message;
    if (!parts.some((part) => part.includes(words))) parts.push(words);
  }
  const text = plainText(parts.length > 0 ? parts.join(": ") : String(error)).replaceAll(/\s+/gu, " ");
  return text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS)}…` : text;
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
