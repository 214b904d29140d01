import { appendFile, mkdir, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { requestHash } from "../../agent/conversation/request-hash.ts";
import { EVENT_SCHEMA, type EventBody, eventBody } from "../../agent/events.ts";
import { type Ask, type AssistantMessage, type Model, NO_USAGE, type Usage } from "../../agent/messages.ts";

/** A cassette that cannot be used; the message names file and line. */
export class CassetteError extends Error {
  override readonly name = "CassetteError";
}

type AskEvent = Extract<EventBody, { type: "ask" }>;
type Reply = Extract<EventBody, { type: "reply" }>;

const { usd: _free, ...UNPRICED } = NO_USAGE;

const turnOf = (ask: Ask): number => ask.messages.filter((message) => message.role === "assistant").length + 1;

/** Asks another model and writes each request's hash and reply down, as lines of `crq-event/1`. */
export class RecordingModel implements Model {
  readonly name: string;
  readonly #inner: Model;
  readonly #file: string;
  readonly #now: () => number;
  #seq: number;

  private constructor(inner: Model, file: string, now: () => number, seq: number) {
    this.name = inner.name;
    this.#inner = inner;
    this.#file = file;
    this.#now = now;
    this.#seq = seq;
  }

  /**
   * Begins the file, or goes on with one that is there (a resumed session).
   * @throws CassetteError when it cannot be written, or is no cassette
   */
  static async create(inner: Model, file: string, now: () => number = Date.now): Promise<RecordingModel> {
    const present = await readLines(file);
    const model = new RecordingModel(inner, file, now, present?.events.length ?? 0);
    // What a crash left of a line must not swallow the next one.
    if (present !== undefined) await truncate(file, present.wholeBytes);
    if (present !== undefined && present.events.length > 0) return model;
    await mkdir(dirname(file), { recursive: true });
    await model.#write({
      type: "session",
      schema: EVENT_SCHEMA,
      id: "cassette",
      agent: "",
      verb: "record",
      model: inner.name,
      request: {},
    });
    return model;
  }

  worstCase(ask: Ask): Usage {
    // A model of unknown price stays one: no price is made up here.
    return this.#inner.worstCase?.(ask) ?? UNPRICED;
  }

  async complete(ask: Ask): Promise<AssistantMessage> {
    const hash = await requestHash(ask);
    const turn = turnOf(ask);
    let usage: Usage = NO_USAGE;
    try {
      await this.#write({ type: "ask", turn, hash });
      const began = this.#now();
      const message = await this.#inner.complete(ask);
      usage = message.usage;
      // What we stopped ourselves says nothing about the model.
      if (message.stop === "aborted") return message;
      await this.#write({
        type: "reply",
        turn,
        hash,
        message: { ...message, calls: [...message.calls] },
        ms: this.#now() - began,
      });
      return message;
    } catch (error) {
      if (!(error instanceof CassetteError)) throw error;
      // A reply that could not be written down was paid for all the same.
      return { role: "assistant", text: error.message, calls: [], usage, stop: "error", model: this.name };
    }
  }

  async #write(event: EventBody): Promise<void> {
    try {
      await appendFile(this.#file, `${JSON.stringify({ seq: this.#seq++, at: this.#now(), ...event })}\n`, { mode: 0o600 });
    } catch (error) {
      throw new CassetteError(`${this.#file}: cannot be written (${error instanceof Error ? error.message : String(error)})`);
    }
  }
}

/** Answers from a cassette, or from any session's journal, without a network. A request that was not recorded is an error, never a guess. */
export class ReplayingModel implements Model {
  readonly name: string;
  readonly #file: string;
  readonly #waiting: Map<string, AssistantMessage[]>;
  readonly #asked: readonly AskEvent[];
  readonly #priced: boolean;

  private constructor(name: string, file: string, asked: readonly AskEvent[], replies: readonly Reply[]) {
    this.name = name;
    this.#file = file;
    this.#asked = asked;
    this.#priced = replies.every(({ message }) => message.usage.usd !== undefined);
    this.#waiting = new Map();
    for (const { hash, message } of replies) this.#waiting.set(hash, [...(this.#waiting.get(hash) ?? []), message]);
  }

  /**
   * @param name what the model is called in reports
   * @throws CassetteError when the file cannot be read, is damaged or, as a journal, holds no reply
   */
  static async load(name: string, file: string): Promise<ReplayingModel> {
    const events = (await readLines(file))?.events;
    if (events === undefined)
      throw new CassetteError(`${file}: there is no such cassette; record it with --cassette record:${file}`);
    const replies = events.filter((event) => event.type === "reply");
    // A recording without one says that nobody was asked, since no model was needed: it can be played again.
    const recording = events.some((event) => event.type === "session" && event.verb === "record");
    if (replies.length === 0 && !recording) throw new CassetteError(`${file}: holds no reply`);
    return new ReplayingModel(
      name,
      file,
      events.filter((event) => event.type === "ask"),
      replies,
    );
  }

  /** Nothing is sent, so nothing can be spent. But replies whose price was unknown keep no cap in dollars, neither then nor now. */
  worstCase(): Usage {
    return this.#priced ? NO_USAGE : UNPRICED;
  }

  async complete(ask: Ask): Promise<AssistantMessage> {
    const blank = { role: "assistant", text: "", calls: [], usage: NO_USAGE, model: this.name } as const;
    if (ask.signal.aborted) return { ...blank, stop: "aborted" };
    const hash = await requestHash(ask);
    const reply = this.#waiting.get(hash)?.shift();
    return reply ?? { ...blank, stop: "error", text: this.#miss(hash, turnOf(ask)), unrecorded: true };
  }

  #miss(hash: string, turn: number): string {
    if (this.#waiting.has(hash))
      return `${this.#file}: the request of turn ${turn} (${short(hash)}) was recorded, but fewer times than it is asked now`;
    const then = this.#asked.findLast((asked) => asked.turn === turn);
    const recorded =
      then === undefined
        ? `the recording has ${this.#asked.length} requests and none of that turn`
        : `the recording's request of that turn is ${short(then.hash)}`;
    return `${this.#file}: no reply is recorded for the request of turn ${turn} (${short(hash)}); ${recorded}. A prompt, a tool, a tool's output or an earlier reply differs: record it again with --cassette record:${this.#file}`;
  }
}

const short = (hash: string): string => hash.slice(0, "sha256:".length + 12);

/** The events of a file and the bytes they fill; a torn last line is left out. Undefined when there is no file. */
async function readLines(
  file: string,
): Promise<{ readonly events: readonly EventBody[]; readonly wholeBytes: number } | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new CassetteError(`${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const lines = whole.split("\n").slice(0, -1);
  return { events: lines.map((line, at) => parseLine(file, at + 1, line)), wholeBytes: Buffer.byteLength(whole) };
}

function parseLine(file: string, number: number, line: string): EventBody {
  try {
    return eventBody.parse(JSON.parse(line));
  } catch (error) {
    const what = error instanceof z.ZodError ? error.issues[0]?.message : error instanceof Error ? error.message : String(error);
    throw new CassetteError(`${file}:${number}: is no ${EVENT_SCHEMA} event (${what})`);
  }
}
