import { closeSync, constants, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { EVENT_SCHEMA, type Event, type EventBody, eventBody } from "../agent/events.ts";
import { acquireLock, type Lock } from "./lock.ts";
import { JournalError, readJournal } from "./read-journal.ts";

export const JOURNAL_FILE = "events.jsonl";

export type SessionHeader = Extract<EventBody, { type: "session" }>;

/** Phase of the event that every reopened journal begins with; the time before it is not counted as work. */
export const RESUME_PHASE = "resume";

/**
 * Events after which something happens that cannot be taken back, or whose loss would cost money: they are on the disk before `append`
 * returns, and all lines before them with them. The rest is handed to the system at once, which survives the death of this process.
 */
const DURABLE: ReadonlySet<EventBody["type"]> = new Set(["session", "ask", "reply", "call", "lost", "outcome"]);

/** The append-only journal of one session. One writer at a time, held by a lock file beside it. */
export class Journal {
  readonly file: string;
  readonly #descriptor: number;
  readonly #lock: Lock;
  readonly #now: () => number;
  #seq: number;
  #bytes: number;
  #open = true;

  private constructor(file: string, descriptor: number, lock: Lock, now: () => number, seq: number, bytes: number) {
    this.file = file;
    this.#descriptor = descriptor;
    this.#lock = lock;
    this.#now = now;
    this.#seq = seq;
    this.#bytes = bytes;
  }

  /**
   * Begins a session in a folder of its own, which is made (mode 0700: a journal holds source text).
   * @param now UTC milliseconds
   * @throws JournalError when the folder already holds a journal, LockError when another process writes it
   */
  static create(folder: string, header: Omit<SessionHeader, "type" | "schema">, now: () => number = Date.now): Journal {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = acquireLock(folder);
    const file = join(folder, JOURNAL_FILE);
    try {
      const descriptor = openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND, 0o600);
      const journal = new Journal(file, descriptor, lock, now, 0, 0);
      journal.append({ type: "session", schema: EVENT_SCHEMA, ...header });
      syncFolder(dirname(file));
      return journal;
    } catch (error) {
      lock.release();
      if (isCode(error, "EEXIST")) throw new JournalError(file, 0, "exists already; resume that session or take another id");
      throw error;
    }
  }

  /**
   * Opens a session again: takes over a stale lock, cuts a torn last line off, journals both and that it was resumed.
   * @returns the journal and all its events, the new ones included
   * @throws JournalError for a damaged journal, LockError when a living process holds it
   */
  static reopen(folder: string, now: () => number = Date.now): { readonly journal: Journal; readonly events: readonly Event[] } {
    const lock = acquireLock(folder);
    const file = join(folder, JOURNAL_FILE);
    try {
      const { events, warnings, goodBytes } = readJournal(file);
      const descriptor = openSync(file, constants.O_WRONLY | constants.O_APPEND);
      ftruncateSync(descriptor, goodBytes);
      const journal = new Journal(file, descriptor, lock, now, events.length, goodBytes);
      const resumed = [
        journal.append({ type: "phase", phase: RESUME_PHASE }),
        ...warnings.map((text) => journal.append({ type: "warning", text })),
      ];
      return { journal, events: [...events, ...resumed] };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Writes one line; what needs it is on the disk when this returns.
   * @returns the event as journaled, for `--events` and for the fold
   * @throws JournalError when the disk refuses it; the file then ends with the line before
   */
  append(body: EventBody): Event {
    if (!this.#open) throw new JournalError(this.file, 0, "is closed");
    const event: Event = { seq: this.#seq, at: this.#now(), ...eventBody.parse(body) };
    const line = Buffer.from(formatEvent(event));
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.#descriptor, line, written);
      if (DURABLE.has(event.type)) fsyncSync(this.#descriptor);
    } catch (error) {
      // Half a line in the middle of a file would be damage; half a line at its end is not even there.
      ftruncateSync(this.#descriptor, this.#bytes);
      throw new JournalError(
        this.file,
        0,
        `cannot be written (${error instanceof Error ? error.message : String(error)}); make room and resume`,
      );
    }
    this.#seq += 1;
    this.#bytes += line.length;
    return event;
  }

  /** Puts the rest on the disk and lets the lock go. May be called twice. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
    } finally {
      this.#lock.release();
    }
  }
}

/** One line of the journal, of `--events` and of cassettes, with its line feed. */
export const formatEvent = (event: Event): string => `${JSON.stringify(event)}\n`;

/** A new file is only found after a power cut when its folder is on the disk too. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && "code" in error && error.code === code;
