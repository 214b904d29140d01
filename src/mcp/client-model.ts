import type { Ask, AssistantMessage, Model, ToolCall } from "../agent/messages.ts";

/** What a client says: a tool call, or that the work is done. */
export interface Said {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Aborted when the client takes it back. */
  readonly signal: AbortSignal;
}

/**
 * An MCP client as a model (docs/decisions/0030): each of its calls is one reply. The loop, its limits, its journal and the acceptance are
 * the same code as for every other model.
 */
export class ClientModel implements Model {
  readonly name: string;
  readonly #now: () => number;
  #asked: { readonly since: number; readonly answer: (message: AssistantMessage) => void } | undefined;
  #next = Promise.withResolvers<Ask>();
  #waited = 0;
  #withdrawn: AbortSignal | undefined;

  /** @param client the name that it gives itself; untrusted */
  constructor(client: string, now: () => number = () => performance.now()) {
    this.name = `mcp:${clientName(client)}`;
    this.#now = now;
  }

  complete(ask: Ask): Promise<AssistantMessage> {
    const { promise, resolve } = Promise.withResolvers<AssistantMessage>();
    const stop = (): void => answer(this.#message("", [], "aborted"));
    const answer = (message: AssistantMessage): void => {
      if (this.#asked?.answer !== answer) return;
      this.#waited += this.#now() - this.#asked.since;
      this.#asked = undefined;
      this.#next = Promise.withResolvers<Ask>();
      ask.signal.removeEventListener("abort", stop);
      resolve(message);
    };
    this.#asked = { since: this.#now(), answer };
    this.#withdrawn = undefined;
    if (ask.signal.aborted) stop();
    else {
      ask.signal.addEventListener("abort", stop, { once: true });
      this.#next.resolve(ask);
    }
    return promise;
  }

  waitedMs(): number {
    return this.#waited + (this.#asked === undefined ? 0 : this.#now() - this.#asked.since);
  }

  withdrawn(): AbortSignal | undefined {
    return this.#withdrawn;
  }

  /** Resolves when the loop waits for the client: at once where it does already. */
  get asks(): Promise<Ask> {
    return this.#next.promise;
  }

  /** Gives the loop what the client said. False: the loop waits for nothing. */
  say({ text, calls, signal }: Said): boolean {
    const asked = this.#asked;
    if (asked === undefined) return false;
    this.#withdrawn = signal;
    asked.answer(this.#message(text, calls, calls.length > 0 ? "tools" : "end"));
    return true;
  }

  /** What the client's own model costs is its business: unknown here, which is not nothing. */
  #message(text: string, calls: readonly ToolCall[], stop: AssistantMessage["stop"]): AssistantMessage {
    return {
      role: "assistant",
      text,
      calls,
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
      stop,
      model: this.name,
    };
  }
}

const LONGEST_NAME = 40;
/** Characters of what a client says that are looked at. */
const LONGEST_GIVEN = 200;

/** As it may stand in a journal, a trailer of a commit and a file name. */
const clientName = (name: string): string =>
  name
    .slice(0, LONGEST_GIVEN)
    .replaceAll(/[^A-Za-z0-9._]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/gu, "")
    .slice(0, LONGEST_NAME) || "unknown";
