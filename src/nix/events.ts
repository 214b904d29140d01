import { BoundedText } from "./logs/bounded-text.ts";
import { cleanText } from "./logs/clean-text.ts";
import { endsWith, eventId, isDigit, lastNumber, parseEvent, startsWith, unescapeJson } from "./logs/event-bytes.ts";
import { KEPT, KeptLog, type LogLine } from "./logs/kept-log.ts";
import { LineSplitter } from "./logs/line-splitter.ts";

/**
 * Nix's stderr under `--log-format internal-json`, read while it is written. Each event is a line `@nix {json}`; other lines are plain text
 * of children. A build is `start` with type 105 (its first field is the .drv), its log lines are `result` with type 101 and the same id,
 * errors are `msg` with level 0. Speed comes from not parsing what is not needed: the keys are sorted in Nix's JSON, so the kind of a line is
 * seen at its two ends; every line that does not look exactly so takes the slow way through JSON.parse.
 */

export interface NixMessage {
  /** 0 error, 1 warning. */
  readonly level: 0 | 1;
  /** The whole message with its code frame, cleaned. */
  readonly text: string;
  /** Without code frame and trace, where this Nix gives it. */
  readonly summary: string;
  readonly position?: { readonly file: string; readonly line: number; readonly column: number };
}

export interface DerivationLog {
  readonly drv: string;
  readonly lines: readonly LogLine[];
  /** How many lines the builder printed. */
  readonly total: number;
  readonly phase?: string;
  /** It was still being built when the stream ended. */
  readonly running: boolean;
}

export interface NixEvents {
  /** Nix itself said something: without a word of it, it was never started (a namespace that could not be made, a broken installation). */
  readonly started: boolean;
  readonly messages: readonly NixMessage[];
  readonly warnings: readonly string[];
  /** Builds in the order of their start; of those that ended long ago the oldest are dropped. */
  readonly derivations: readonly DerivationLog[];
  /** What Nix says at an error's level that is none: `builtins.trace`, "error (ignored)". Head and tail. */
  readonly notices: string;
  /** Lines that are no events (what children wrote to stderr): head and tail. */
  readonly plain: string;
  /** `/nix/store/HASH-source`: where Nix copied the judged flake to, when it said so (2.26; later versions read it in place). */
  readonly flakeSource?: string;
  /** Last address that was being fetched when the stream ended, if any. */
  readonly fetching?: string;
}

const PREFIX = Buffer.from('@nix {"action":"');
const FIELDS = Buffer.from('@nix {"action":"result","fields":["');
const LOG_LINE = Buffer.from(',"type":101}');
const LINE_CLIP = 4_096;
const MAX_MESSAGES = 50;
const MAX_STOPPED = 64;
const PLAIN_LIMIT = 512 * 1024;

const ACTIVITY = { fileTransfer: 101, build: 105, fetchTree: 112 } as const;
const RESULT = { logLine: 101, setPhase: 104, postBuildLogLine: 107 } as const;

interface Activity {
  readonly drv: string;
  readonly log: KeptLog;
  phase?: string;
  running: boolean;
}

export class EventReader {
  readonly #onProgress: ((line: string) => void) | undefined;
  readonly #onBuild: ((drvPath: string) => void) | undefined;
  readonly #lines: LineSplitter;
  readonly #active = new Map<string, Activity>();
  readonly #stopped: Activity[] = [];
  readonly #order: Activity[] = [];
  readonly #transfers = new Map<string, string>();
  readonly #messages: NixMessage[] = [];
  readonly #lastMessages: NixMessage[] = [];
  readonly #warnings = new Set<string>();
  readonly #plain = new BoundedText(PLAIN_LIMIT);
  readonly #notices = new BoundedText(PLAIN_LIMIT);
  #started = false;
  #flakeSource: string | undefined;
  #files = 0;
  #latest: Activity | undefined;
  #note: string | undefined;

  /** `onProgress` is called at most once a chunk, with one clean line; `onBuild` with each derivation whose build starts. */
  constructor(onProgress?: (line: string) => void, onBuild?: (drvPath: string) => void) {
    this.#onProgress = onProgress;
    this.#onBuild = onBuild;
    this.#lines = new LineSplitter((buffer, start, end) => this.#line(buffer, start, end));
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
    if (!this.#onProgress) return;
    const latest = this.#latest;
    const line =
      this.#note ?? (latest && `${nameOfDerivation(latest.drv)}${latest.phase ? ` (${latest.phase})` : ""}: ${latest.log.last}`);
    this.#note = undefined;
    this.#latest = undefined;
    if (line) this.#onProgress(cleanText(line).replaceAll("\n", " ").trimEnd().slice(0, KEPT.width));
  }

  end(): NixEvents {
    this.#lines.end();
    const fetching = [...this.#transfers.values()].at(-1);
    return {
      started: this.#started,
      messages: [...this.#messages, ...this.#lastMessages],
      warnings: [...this.#warnings],
      derivations: this.#order.map(({ drv, log, phase, running }) => ({
        drv,
        lines: log.lines(),
        total: log.total,
        running,
        ...(phase !== undefined && { phase }),
      })),
      notices: this.#notices.text(),
      plain: cleanText(this.#plain.text()),
      ...(this.#flakeSource !== undefined && { flakeSource: this.#flakeSource }),
      ...(fetching !== undefined && { fetching }),
    };
  }

  #line(buffer: Buffer, start: number, end: number): void {
    if (!startsWith(buffer, start, end, PREFIX)) {
      if (end > start || this.#plain.started) this.#plain.add(buffer.toString("utf8", start, Math.min(end, start + LINE_CLIP)));
      return;
    }
    this.#started = true;
    switch (buffer[start + PREFIX.length]) {
      case 0x72: // r: result
        if (endsWith(buffer, end, LOG_LINE) && startsWith(buffer, start, end, FIELDS)) this.#logLine(buffer, start, end);
        else this.#result(buffer, start, end);
        return;
      case 0x6d: // m: msg
        this.#message(buffer, start, end);
        return;
      default:
        this.#activity(buffer, start, end);
    }
  }

  /** `@nix {"action":"result","fields":["TEXT"],"id":N,"type":101}` without parsing it. */
  #logLine(buffer: Buffer, start: number, end: number): void {
    const idEnd = end - LOG_LINE.length;
    let at = idEnd;
    while (at > start && isDigit(buffer[at - 1])) at--;
    const textStart = start + FIELDS.length;
    const textEnd = at - '"],"id":'.length;
    if (textEnd < textStart || buffer.toString("latin1", textEnd, at) !== '"],"id":') {
      this.#result(buffer, start, end);
      return;
    }
    const activity = this.#active.get(buffer.toString("latin1", at, idEnd));
    if (!activity) return;
    activity.log.add(buffer.toString("utf8", textStart, Math.min(textEnd, textStart + LINE_CLIP)));
    this.#latest = activity;
    this.#note = undefined;
  }

  #result(buffer: Buffer, start: number, end: number): void {
    const type = lastNumber(buffer, end);
    if (type !== RESULT.setPhase && type !== RESULT.logLine && type !== RESULT.postBuildLogLine) return;
    const event = parseEvent(buffer, start, end);
    const activity = this.#active.get(eventId(buffer, start, end));
    const fields = event?.fields;
    const first: unknown = Array.isArray(fields) ? fields[0] : undefined;
    if (!activity || typeof first !== "string") return;
    this.#latest = activity;
    if (type === RESULT.setPhase) activity.phase = cleanText(first).slice(0, 80);
    else for (const line of first.split("\n")) activity.log.add(JSON.stringify(line.slice(0, LINE_CLIP)).slice(1, -1));
  }

  #message(buffer: Buffer, start: number, end: number): void {
    // `{"action":"msg","level":4,…` is chatter; the level of errors stands behind column, file.
    const level = buffer[start + PREFIX.length + 'msg","level":'.length];
    if (
      isDigit(level) &&
      Number(level) > 0x31 &&
      buffer.toString("latin1", start + PREFIX.length, start + PREFIX.length + 13) === 'msg","level":'
    ) {
      this.#chatter(buffer, start, end);
      return;
    }
    const event = parseEvent(buffer, start, end);
    if (!event || typeof event.msg !== "string") return;
    const text = cleanText(event.msg);
    if (event.level === 1) {
      if (this.#warnings.size < MAX_MESSAGES) this.#warnings.add(text.replace(/^warning: /u, ""));
      return;
    }
    if (event.level !== 0) return;
    const { file, line, column, raw_msg: raw } = event;
    // `builtins.trace` and "error (ignored)" come at level 0 too; only a real error has a raw message.
    if (typeof raw !== "string") {
      this.#notices.add(text.slice(0, LINE_CLIP));
      return;
    }
    const message: NixMessage = {
      level: 0,
      text: text.slice(0, 20_000),
      summary: cleanText(raw).slice(0, 4_000),
      ...(typeof file === "string" &&
        typeof line === "number" &&
        typeof column === "number" && { position: { file: file.replace(/:\d+:\d+$/u, ""), line, column } }),
    };
    if (this.#messages.length < MAX_MESSAGES) this.#messages.push(message);
    else {
      this.#lastMessages.push(message);
      if (this.#lastMessages.length > MAX_MESSAGES) this.#lastMessages.shift();
    }
  }

  /** The first flake.nix that is read is the judged one's. */
  #chatter(buffer: Buffer, start: number, end: number): void {
    if (this.#flakeSource !== undefined || this.#files > 100) return;
    const file = buffer
      .toString("utf8", start, end)
      .match(/"msg":"evaluating file '(?:(\/nix\/store\/[a-z0-9]{32}-source)\/(?:[^']*\/)?flake\.nix|\/)/u);
    if (!file) return;
    this.#files = file[1] === undefined ? 101 : this.#files + 1;
    this.#flakeSource = file[1];
  }

  #activity(buffer: Buffer, start: number, end: number): void {
    const stop = buffer[start + PREFIX.length + 2] === 0x6f; // st-o-p
    if (stop) {
      const id = eventId(buffer, start, end);
      this.#transfers.delete(id);
      const activity = this.#active.get(id);
      if (!activity) return;
      this.#active.delete(id);
      activity.running = false;
      this.#stopped.push(activity);
      if (this.#stopped.length > MAX_STOPPED) {
        const oldest = this.#stopped.shift();
        if (oldest) this.#order.splice(this.#order.indexOf(oldest), 1);
      }
      return;
    }
    const last = lastNumber(buffer, end);
    if (last !== ACTIVITY.build && last !== ACTIVITY.fileTransfer && last !== ACTIVITY.fetchTree) return;
    const event = parseEvent(buffer, start, end);
    if (event?.action !== "start") return;
    const id = eventId(buffer, start, end);
    const fields: unknown = event.fields;
    const first: unknown = Array.isArray(fields) ? fields[0] : undefined;
    if (last !== ACTIVITY.build) {
      const what = typeof first === "string" ? first : event.text;
      if (typeof what !== "string" || what === "") return;
      this.#transfers.set(id, cleanText(what));
      this.#note = `fetching ${what}`;
    } else if (typeof first === "string") {
      const activity: Activity = { drv: first, log: new KeptLog(unescapeJson), running: true };
      this.#active.set(id, activity);
      this.#order.push(activity);
      this.#latest = activity;
      this.#note = `building ${nameOfDerivation(first)}`;
      this.#onBuild?.(first);
    }
  }
}

/** `/nix/store/HASH-NAME.drv` to NAME. */
export function nameOfDerivation(drv: string): string {
  const base = drv.slice(drv.lastIndexOf("/") + 1).replace(/(?:\.drv)?(?:[!^].*)?$/u, "");
  return /^[0-9a-z]{32}-/u.test(base) ? base.slice(33) : base;
}
