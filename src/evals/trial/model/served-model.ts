import type { Duplex } from "node:stream";
import { type Ask, type AssistantMessage, addUsage, type Model, NO_USAGE, type Usage } from "../../../agent/messages.ts";
import type { LimitName } from "../../../agent/outcome.ts";
import { lines, WireError } from "../../../models/descriptor/lines.ts";
import { helloLine, MAX_LINE, readRequest, replyLine } from "../../../models/descriptor/wire.ts";
import type { Price } from "../../../models/price.ts";
import { errorText } from "../../../system/error.ts";
import { InfraFailure } from "../infra-failure.ts";

/** The loop asks once at a time; limits are judged before each request, so that many at once would pass them. */
const MOST_OPEN = 4;

export interface ServedLimits {
  readonly outputTokens: number;
  /** US dollars; kept where the price is known. */
  readonly usd: number;
}

export interface ServedModelOptions {
  readonly model: Model;
  /** undefined: unknown, which is not zero. */
  readonly price: Price | undefined;
  readonly limits: ServedLimits;
}

/**
 * The host's side of a trial's model: it alone knows the key. It counts what is used, keeps the limits of tokens and money whatever the
 * program does, and lets nothing of the provider through but the reply.
 */
export class ServedModel {
  readonly #options: ServedModelOptions;
  readonly #open = new Map<number, AbortController>();
  readonly #answering = new Set<Promise<void>>();
  #usage: Usage = NO_USAGE;
  #calls = 0;
  #limit: LimitName | undefined;
  #failure: InfraFailure | undefined;

  constructor(options: ServedModelOptions) {
    this.#options = options;
  }

  /** Of all replies; a request that was stopped counts at its worst case. */
  get usage(): Usage {
    return this.#usage;
  }

  /** Requests that were sent. */
  get calls(): number {
    return this.#calls;
  }

  /** The limit for which a request was not sent. */
  get limit(): LimitName | undefined {
    return this.#limit;
  }

  /** What was no fault of the model. */
  get failure(): InfraFailure | undefined {
    return this.#failure;
  }

  /** Answers until the other side is gone. Never rejects. */
  async serve(channel: Duplex): Promise<void> {
    const { model, price } = this.#options;
    channel.write(helloLine({ name: model.name, price: price ?? null }));
    try {
      for await (const line of lines(channel, MAX_LINE)) {
        const request = readRequest(line);
        if ("cancel" in request) {
          this.#open.get(request.cancel)?.abort();
          continue;
        }
        const { ask, ...rest } = request;
        if (this.#open.has(ask)) throw new WireError(`asks number ${ask} again before it is answered`);
        if (this.#open.size >= MOST_OPEN) throw new WireError(`asks more than ${MOST_OPEN} times at once`);
        const stop = new AbortController();
        this.#open.set(ask, stop);
        const answering = this.#answer({ ...rest, signal: stop.signal }).then((message) => {
          this.#open.delete(ask);
          this.#answering.delete(answering);
          if (!channel.destroyed && channel.writable) channel.write(replyLine(ask, message));
        });
        this.#answering.add(answering);
      }
    } catch (error) {
      // A reset is how a killed program ends; what its exit says decides.
      if (!(error instanceof Error && "code" in error)) this.#failure ??= new InfraFailure("harness", errorText(error));
      channel.destroy();
    } finally {
      this.stop();
      // What was stopped was asked for, and is counted before anybody reads the sum.
      await Promise.all(this.#answering);
    }
  }

  /** Stops the requests that are on their way. */
  stop(): void {
    for (const stop of this.#open.values()) stop.abort();
  }

  async #answer(ask: Ask): Promise<AssistantMessage> {
    const { model } = this.#options;
    const blank = { role: "assistant", text: "", calls: [], usage: NO_USAGE, model: model.name } as const;
    const worst = model.worstCase?.(ask);
    const limit = this.#reached(worst);
    if (limit !== undefined) {
      this.#limit ??= limit;
      return { ...blank, stop: "error", text: `the trial's limit is reached: ${limit}` };
    }
    try {
      this.#calls++;
      const reply = await model.complete(ask);
      this.#usage = addUsage(this.#usage, reply.stop === "aborted" ? (worst ?? unknownUsage) : reply.usage);
      if (reply.stop === "error" && reply.unrecorded) this.#failure ??= new InfraFailure("harness", reply.text);
      if (reply.stop === "error" && reply.unavailable) this.#failure ??= new InfraFailure("provider", reply.text);
      return reply;
    } catch (error) {
      // A model never rejects; one that does is our own bug.
      this.#failure ??= new InfraFailure("harness", `${model.name}: ${errorText(error)}`, { cause: error });
      return { ...blank, stop: "error", text: "the model could not be asked" };
    }
  }

  #reached(worst: Usage | undefined): LimitName | undefined {
    const { limits } = this.#options;
    if (this.#usage.output >= limits.outputTokens) return "tokens";
    const spent = this.#usage.usd;
    if (spent === undefined || worst?.usd === undefined) return undefined;
    return spent + worst.usd > limits.usd ? "usd" : undefined;
  }
}

const unknownUsage: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
