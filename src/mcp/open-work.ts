import type { Event } from "../agent/events.ts";
import type { Ask, ToolCall } from "../agent/messages.ts";
import { describeEvent } from "../ui/describe-event.ts";
import type { Ui } from "../ui/ui.ts";
import { ClientModel } from "./client-model.ts";
import type { Attending, Ended, OpenedSession } from "./workplace.ts";

/** One thing that a client asked for while the work is open. */
export interface Caller {
  /** Aborted when the client takes its request back or is gone. */
  readonly signal: AbortSignal;
  /** Shows a sign of life. */
  readonly progress: (text: string) => void;
}

export interface Answer {
  readonly text: string;
  readonly isError: boolean;
  readonly details?: unknown;
  /** The session ended with it. */
  readonly ended?: Ended;
}

/** What the work came to: it asks the client for its next word, or it is over. */
export type Standing =
  | { readonly kind: "asks"; readonly ask: Ask }
  | { readonly kind: "ended"; readonly ended: Ended }
  | { readonly kind: "failed"; readonly text: string };

/** What was asked for and is not answered yet. */
interface Pending {
  /** undefined: the acceptance. */
  readonly callId: string | undefined;
  held?: Answer;
}

/** An open session whose model is the client. One word at a time; whoever holds it sees to that. */
export class OpenWork {
  readonly #model: ClientModel;
  readonly #stop = new AbortController();
  readonly #done: Promise<Standing>;
  #session: OpenedSession | undefined;
  #caller: Caller | undefined;
  #pending: Pending | undefined;
  /** Whether the loop is at it, which can end one call without ending the run. */
  #talking = false;
  #over = false;

  /**
   * @param begin works with this client as its model to the end of the session
   * @param explain what was thrown, in words
   */
  constructor(
    client: string,
    begin: (attending: Attending) => Promise<Ended>,
    explain: (error: unknown) => string,
    say: (text: string) => void,
  ) {
    this.#model = new ClientModel(client);
    const attending: Attending = {
      model: this.#model,
      ui: this.#ui(say),
      signal: this.#stop.signal,
      opened: (session) => {
        this.#session = session;
      },
    };
    this.#done = begin(attending)
      .then(
        (ended): Standing => ({ kind: "ended", ended }),
        (error: unknown): Standing => ({ kind: "failed", text: explain(error) }),
      )
      .finally(() => {
        this.#over = true;
      });
  }

  get session(): OpenedSession | undefined {
    return this.#session;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Waits until the work asks for the client's next word or is over. */
  async standing(caller: Caller): Promise<Standing> {
    this.#caller = caller;
    const withdraw = (): void => this.#withdraw();
    caller.signal.addEventListener("abort", withdraw);
    if (caller.signal.aborted) withdraw();
    try {
      return await Promise.race([this.#done, this.#model.asks.then((ask): Standing => ({ kind: "asks", ask }))]);
    } finally {
      caller.signal.removeEventListener("abort", withdraw);
      this.#caller = undefined;
    }
  }

  /** Runs one tool call, or without one the acceptance, and gives what came of it. */
  async say(text: string, call: ToolCall | undefined, caller: Caller): Promise<Answer> {
    const pending: Pending = { callId: call?.id };
    this.#pending = pending;
    this.#talking = true;
    this.#model.say({ text, calls: call === undefined ? [] : [call], signal: caller.signal });
    const standing = await this.standing(caller);
    this.#pending = undefined;
    const { held } = pending;
    switch (standing.kind) {
      case "asks":
        return held ?? { text: "Nothing came of it.", isError: true };
      case "ended": {
        const { ended } = standing;
        const isError = ended.outcome.kind !== "done" && ended.outcome.kind !== "nothing-to-do";
        return { text: joined(held?.text, ended.text), isError, ended };
      }
      case "failed":
        return { text: joined(held?.text, standing.text), isError: true };
    }
  }

  /** Ends the session where it is; it can be resumed. */
  async stop(): Promise<Standing> {
    this.#stop.abort();
    return this.#done;
  }

  /** The loop ends what runs by itself; before and behind it there is only the whole session to end. */
  #withdraw(): void {
    if (!this.#talking) this.#stop.abort();
  }

  #ui(say: (text: string) => void): Ui {
    return {
      interactive: false,
      width: 100,
      event: (event) => this.#hear(event),
      progress: (text) => this.#caller?.progress(text),
      say,
      warn: say,
      result: () => undefined,
      confirm: async () => false,
      ask: async () => undefined,
      close: () => undefined,
    };
  }

  #hear(event: Event): void {
    const line = describeEvent(event);
    if (line !== undefined) this.#caller?.progress(line.trim());
    switch (event.type) {
      case "phase":
        this.#talking = event.phase === "loop";
        if (this.#caller?.signal.aborted) this.#withdraw();
        return;
      case "ask":
      case "call":
        this.#talking = true;
        return;
      case "result":
        this.#talking = true;
        if (this.#pending !== undefined && event.callId === this.#pending.callId)
          this.#pending.held = {
            text: event.text,
            isError: event.isError,
            ...(event.details !== undefined && { details: event.details }),
          };
        return;
      case "user":
        if (this.#pending !== undefined && this.#pending.callId === undefined)
          this.#pending.held = { text: event.text, isError: true };
        return;
      case "session":
      case "reply":
      case "lost":
      case "acceptance":
      case "mechanic":
      case "build":
      case "progress":
      case "snapshot":
      case "warning":
      case "outcome":
        return;
    }
  }
}

const joined = (first: string | undefined, second: string): string =>
  first === undefined || first === "" ? second : `${first}\n\n${second}`;
