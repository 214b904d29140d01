import type { Readable } from "node:stream";

/** A peer that sends what this protocol does not know. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const NEWLINE = 0x0a;

/**
 * The lines of a stream, without their ends. An unfinished last line is left out: its writer died.
 * @throws WireError for a line of more than `limit` bytes
 */
export async function* lines(stream: Readable, limit: number): AsyncGenerator<string, void> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    let rest: Buffer = chunk;
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
      const line = Buffer.concat([...parts, rest.subarray(0, at)]).toString("utf8");
      parts = [];
      length = 0;
      rest = rest.subarray(at + 1);
      yield line;
    }
    if (rest.length === 0) continue;
    parts.push(rest);
    length += rest.length;
    if (length > limit) throw new WireError(`a line has more than ${limit} bytes`);
  }
}
