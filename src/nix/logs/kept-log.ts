import { cleanText } from "./clean-text.ts";

/** One line of a build log that was kept; `number` counts from 1. */
export interface LogLine {
  readonly number: number;
  readonly text: string;
}

/** How much of one derivation's log stays in memory; a build may print gigabytes. */
export const KEPT = {
  /** Lines at the start (tool versions, phases). */
  head: 80,
  /** Lines at the end. */
  tail: 200,
  /** Lines that look like errors, each with what follows it, wherever they stand. */
  marked: 300,
  /** Lines kept after one that looks like an error. */
  after: 6,
  /** UTF-16 units of one line. */
  width: 2_000,
} as const;

/** Words with which compilers, linkers, cargo and build scripts begin what matters; a false hit costs a kept line, a miss costs the diagnosis. */
const MARK =
  /error|panicked|fatal|FAILED|failed|not found|No such file|cannot find|could not|Could not|couldn't|undefined reference|denied|Missing|missing|unable to|Unable to|requires rustc|Read-only|No space left|Killed/u;

/** Head, tail and error lines of a log that may be endless: memory is bounded by KEPT. */
export class KeptLog {
  readonly #decode: (raw: string) => string;
  readonly #head: string[] = [];
  readonly #marked: { number: number; raw: string }[] = [];
  readonly #tail: string[] = new Array<string>(KEPT.tail).fill("");
  #after = 0;
  total = 0;

  /** `decode` turns a kept line into text when the log is read; the many lines that are dropped are never decoded. */
  constructor(decode: (raw: string) => string = (raw) => raw) {
    this.#decode = decode;
  }

  /** Adds a line that is not yet decoded. */
  add(raw: string): void {
    const number = ++this.total;
    if (number <= KEPT.head) {
      this.#head.push(raw);
      return;
    }
    this.#tail[number % KEPT.tail] = raw;
    if (this.#marked.length >= KEPT.marked) return;
    if (MARK.test(raw)) this.#after = KEPT.after;
    else if (this.#after > 0) this.#after -= 1;
    else return;
    this.#marked.push({ number, raw });
  }

  get last(): string {
    const raw = this.total > KEPT.head ? this.#tail[this.total % KEPT.tail] : this.#head[this.total - 1];
    return raw === undefined ? "" : this.#text(raw);
  }

  /** What was kept, in order. */
  lines(): readonly LogLine[] {
    const lines = this.#head.map((raw, i) => ({ number: i + 1, text: this.#text(raw) }));
    const tailStart = Math.max(KEPT.head, this.total - KEPT.tail) + 1;
    for (const { number, raw } of this.#marked) if (number < tailStart) lines.push({ number, text: this.#text(raw) });
    for (let number = tailStart; number <= this.total; number++)
      lines.push({ number, text: this.#text(this.#tail[number % KEPT.tail] ?? "") });
    return lines;
  }

  #text(raw: string): string {
    return cleanText(this.#decode(raw)).slice(0, KEPT.width);
  }
}

/** The kept lines as text; a line says how many were left out. */
export function logText(lines: readonly LogLine[], total: number): string {
  const out: string[] = [];
  let expected = 1;
  for (const { number, text } of lines) {
    if (number > expected) out.push(`[… ${number - expected} lines left out …]`);
    out.push(text);
    expected = number + 1;
  }
  if (total >= expected) out.push(`[… ${total - expected + 1} lines left out …]`);
  return out.join("\n");
}
