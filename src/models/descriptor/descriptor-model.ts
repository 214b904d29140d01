import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Ask, type AssistantMessage, type Model, NO_USAGE, type Usage } from "../../agent/messages.ts";
import type { Price } from "../price.ts";
import { worstCase } from "../prices.ts";
import { lines, WireError } from "./lines.ts";
import { askLine, cancelLine, type Hello, MAX_LINE, readHello, readReply } from "./wire.ts";

/** Why no model answers at a descriptor. */
export class DescriptorError extends Error {
  override readonly name = "DescriptorError";
}

/**
 * A model that the process which started this one answers for (`descriptor:NUMBER`), so that a sandboxed program needs neither a key nor a
 * network. It is for programs: `evals` starts its trials so.
 */
export class DescriptorModel implements Model {
  readonly name: string;
  readonly #price: Price | undefined;
  readonly #stream: Duplex;
  readonly #waiting = new Map<number, (message: AssistantMessage) => void>();
  #asked = 0;
  /** Why there will be no further reply. */
  #ended: string | undefined;

  private constructor(stream: Duplex, hello: Hello) {
    this.name = hello.name;
    this.#price = hello.price ?? undefined;
    this.#stream = stream;
  }

  /**
   * The model at a descriptor that this process inherited. A verb that drafts and applies asks for it twice and gets the same one.
   * @throws DescriptorError
   */
  static open(number: string): Promise<DescriptorModel> {
    const known = OPEN.get(number);
    if (known) return known;
    const opening = openDescriptor(number);
    OPEN.set(number, opening);
    return opening;
  }

  /** @throws DescriptorError when the other side does not say who it is */
  static async over(stream: Duplex): Promise<DescriptorModel> {
    const incoming = lines(stream, MAX_LINE);
    try {
      const first = await incoming.next();
      if (first.done) throw new WireError("ended before it said which model it is");
      const model = new DescriptorModel(stream, readHello(first.value));
      void model.#read(incoming);
      return model;
    } catch (error) {
      throw new DescriptorError(error instanceof Error ? error.message : String(error));
    }
  }

  worstCase(ask: Ask): Usage {
    return worstCase(ask, this.#price);
  }

  complete(ask: Ask): Promise<AssistantMessage> {
    const blank = { role: "assistant", text: "", calls: [], usage: NO_USAGE, model: this.name } as const;
    if (ask.signal.aborted) return Promise.resolve({ ...blank, stop: "aborted" });
    if (this.#ended !== undefined) return Promise.resolve({ ...blank, stop: "error", text: this.#ended });
    const number = this.#asked++;
    return new Promise((resolve) => {
      const onAbort = (): void => {
        this.#stream.write(cancelLine(number));
        settle({ ...blank, stop: "aborted" });
      };
      const settle = (message: AssistantMessage): void => {
        ask.signal.removeEventListener("abort", onAbort);
        this.#waiting.delete(number);
        this.#hold();
        resolve(message);
      };
      this.#waiting.set(number, settle);
      ask.signal.addEventListener("abort", onAbort, { once: true });
      this.#hold();
      this.#stream.write(askLine(number, ask));
    });
  }

  /** A process that waits for no reply may end. */
  #hold(): void {
    if (!(this.#stream instanceof Socket)) return;
    if (this.#waiting.size > 0) this.#stream.ref();
    else this.#stream.unref();
  }

  async #read(incoming: AsyncIterable<string>): Promise<void> {
    this.#hold();
    let why = "the process that answers is gone";
    try {
      for await (const text of incoming) {
        const { reply, message } = readReply(text);
        this.#waiting.get(reply)?.(message);
      }
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    this.#ended = `${this.name}: ${why}`;
    const lost = { role: "assistant", text: this.#ended, calls: [], usage: NO_USAGE, stop: "error", model: this.name } as const;
    for (const settle of [...this.#waiting.values()]) settle(lost);
  }
}

/** By number: a descriptor is read by one reader. */
const OPEN = new Map<string, Promise<DescriptorModel>>();

async function openDescriptor(number: string): Promise<DescriptorModel> {
  const descriptor = Number(number);
  if (!/^\d+$/u.test(number) || descriptor < 3)
    throw new DescriptorError(`descriptor:${number}: write the number of an inherited descriptor, 3 or more`);
  let stream: Socket;
  try {
    stream = new Socket({ fd: descriptor, readable: true, writable: true });
  } catch (error) {
    throw new DescriptorError(`descriptor:${number}: is not open (${error instanceof Error ? error.message : String(error)})`);
  }
  // Its end is told by the lines that stop; a failed write only says the same once more.
  stream.on("error", () => undefined);
  try {
    return await DescriptorModel.over(stream);
  } catch (error) {
    if (!(error instanceof DescriptorError)) throw error;
    throw new DescriptorError(`descriptor:${number}: no model answers there (${error.message})`);
  }
}
