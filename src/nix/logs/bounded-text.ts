/** Dropped lines are cut off the array in groups: one at a time would move all others each time. */
const COMPACT = 4_096;

/** Lines of an endless text: head and tail, and how many were dropped between them. */
export class BoundedText {
  readonly #half: number;
  #head = "";
  #tail: string[] = [];
  /** Index of the first line of the tail that counts. */
  #first = 0;
  #tailLength = 0;
  #dropped = 0;
  started = false;

  /** @param limit UTF-16 units of head and tail together */
  constructor(limit: number) {
    this.#half = limit / 2;
  }

  add(line: string): void {
    this.started = true;
    if (this.#tail.length === 0 && this.#head.length + line.length < this.#half) {
      this.#head += `${line}\n`;
      return;
    }
    this.#tail.push(line);
    this.#tailLength += line.length + 1;
    for (; this.#tailLength > this.#half; this.#first++) {
      this.#tailLength -= (this.#tail[this.#first] ?? "").length + 1;
      this.#dropped += 1;
    }
    if (this.#first < COMPACT) return;
    this.#tail = this.#tail.slice(this.#first);
    this.#first = 0;
  }

  text(): string {
    const gap = this.#dropped > 0 ? `[… ${this.#dropped} lines left out …]\n` : "";
    const tail = this.#tail.slice(this.#first).map((line) => `${line}\n`);
    return `${this.#head}${gap}${tail.join("")}`;
  }
}
