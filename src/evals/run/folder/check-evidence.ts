import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { alteredIn, areFindings, type CommittedAttempt } from "./evidence-batch.ts";

/** Attempts that are hashed in one go: afterwards signals and other work get their turn. */
const ATTEMPTS_A_BATCH = 64;

/** Fewer are hashed before a thread has started. */
const WORTH_A_THREAD = 1_000;

/**
 * Hashes the evidence of many attempts while their rows are still being read. A second thread takes the attempts that were added first;
 * when all are known, this one takes those that were added last, until they meet.
 */
export class EvidenceCheck {
  readonly #attempts: CommittedAttempt[] = [];
  readonly #found: (readonly string[])[] = [];
  #thread: Worker | undefined;
  #first = 0;
  #busy: Promise<void> | undefined;

  /** @param count attempts that there may be */
  constructor(count: number) {
    this.#thread = count >= WORTH_A_THREAD && availableParallelism() > 1 ? new Worker(threadFile()) : undefined;
    // What the thread could not do is done here, where its error is thrown; one that is gone answers nothing any more.
    const gone = (): void => {
      this.#thread = undefined;
    };
    this.#thread?.on("error", gone).on("exit", gone);
  }

  /** @returns its number, for {@link end} */
  add(attempt: CommittedAttempt): number {
    this.#attempts.push(attempt);
    if (this.#attempts.length - this.#first >= ATTEMPTS_A_BATCH) this.#handOver();
    return this.#attempts.length - 1;
  }

  /** What was altered, by the numbers of the attempts. */
  async end(): Promise<readonly (readonly string[])[]> {
    let last = this.#attempts.length;
    while (this.#first < last) {
      this.#handOver(last);
      const from = Math.max(this.#first, last - ATTEMPTS_A_BATCH);
      this.#keep(from, alteredIn(this.#attempts.slice(from, last)));
      last = from;
      await setImmediate();
    }
    await this.#busy;
    return this.#found;
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #handOver(before = this.#attempts.length): void {
    const thread = this.#thread;
    if (thread === undefined || this.#busy !== undefined) return;
    const from = this.#first;
    const batch = this.#attempts.slice(from, Math.min(before, from + ATTEMPTS_A_BATCH));
    this.#first = from + batch.length;
    this.#busy = inThread(thread, batch).then((found) => {
      this.#keep(from, found ?? alteredIn(batch));
      this.#busy = undefined;
    });
    // Whoever ends the check hears of it.
    this.#busy.catch(() => undefined);
  }

  #keep(from: number, found: readonly (readonly string[])[]): void {
    for (const [at, one] of found.entries()) this.#found[from + at] = one;
  }
}

/** This program runs as it is written, or built. */
function threadFile(): URL {
  const ending = import.meta.filename.endsWith(".ts") ? "ts" : "js";
  return new URL(`./evidence-worker.${ending}`, import.meta.url);
}

/** @returns undefined where the thread has failed */
async function inThread(thread: Worker, batch: readonly CommittedAttempt[]): Promise<readonly (readonly string[])[] | undefined> {
  const { promise, resolve } = Promise.withResolvers<readonly (readonly string[])[] | undefined>();
  const onEnd = (): void => resolve(undefined);
  const onMessage = (value: unknown): void => resolve(areFindings(value) && value.length === batch.length ? value : undefined);
  thread.once("message", onMessage).once("error", onEnd).once("exit", onEnd);
  thread.postMessage(batch);
  try {
    return await promise;
  } finally {
    thread.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
  }
}
