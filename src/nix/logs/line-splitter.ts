/** Bytes of an unfinished line kept between chunks; the rest of a longer line is dropped. */
const MAX_LINE = 1024 * 1024;

/**
 * Cuts a stream of chunks into lines without copying them: the callback gets the buffer and the range of one line (without its newline).
 * The range is valid during the call only.
 */
export class LineSplitter {
  readonly #onLine: (buffer: Buffer, start: number, end: number) => void;
  #carry: Buffer[] = [];
  #carried = 0;

  constructor(onLine: (buffer: Buffer, start: number, end: number) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let start = 0;
    if (this.#carried > 0) {
      const newline = chunk.indexOf(0x0a);
      this.#keep(chunk.subarray(0, newline === -1 ? chunk.length : newline));
      if (newline === -1) return;
      this.#flush();
      start = newline + 1;
    }
    for (let newline = chunk.indexOf(0x0a, start); newline !== -1; newline = chunk.indexOf(0x0a, start)) {
      this.#onLine(chunk, start, newline);
      start = newline + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The last line may lack its newline. */
  end(): void {
    if (this.#carried > 0) this.#flush();
  }

  #keep(part: Buffer): void {
    if (this.#carried >= MAX_LINE) return;
    // A copy, since the stream may use the chunk's memory again.
    this.#carry.push(Buffer.from(part.subarray(0, MAX_LINE - this.#carried)));
    this.#carried += part.length;
  }

  #flush(): void {
    const line = this.#carry.length === 1 && this.#carry[0] ? this.#carry[0] : Buffer.concat(this.#carry);
    this.#carry = [];
    this.#carried = 0;
    this.#onLine(line, 0, line.length);
  }
}
