/** Lines of an endless text: head and tail, and how many were dropped between them. */
export class BoundedText {
  readonly #half: number;
  #head = "";
  readonly #tail: string[] = [];
  #tailLength = 0;
  #dropped = 0;
  started = false;

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
    while (this.#tailLength > this.#half) {
      this.#tailLength -= (this.#tail.shift()?.length ?? 0) + 1;
      this.#dropped += 1;
    }
  }

  text(): string {
    const gap = this.#dropped > 0 ? `[… ${this.#dropped} lines left out …]\n` : "";
    return `${this.#head}${gap}${this.#tail.map((line) => `${line}\n`).join("")}`;
  }
}
