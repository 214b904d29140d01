/** What the event reader asks of a line's bytes, so that most lines are never parsed. */

export type Json = { readonly [key: string]: unknown };

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

export function startsWith(buffer: Buffer, start: number, end: number, prefix: Buffer): boolean {
  if (end - start < prefix.length) return false;
  return buffer.compare(prefix, 0, prefix.length, start, start + prefix.length) === 0;
}

export function endsWith(buffer: Buffer, end: number, suffix: Buffer): boolean {
  return end >= suffix.length && buffer.compare(suffix, 0, suffix.length, end - suffix.length, end) === 0;
}

/** The id as text: it holds the process id in its upper half and may pass 2^53. */
export function eventId(buffer: Buffer, start: number, end: number): string {
  // The last one, since text and fields may contain anything; in Nix's order only level, parent (not in 2.8), text and type follow it.
  return (
    buffer
      .toString("latin1", start, end)
      .match(/"id":(\d+)(?:\}|,"type":\d+\}|,"level":\d+(?:,"parent":\d+)?,"text":"(?:[^"\\]|\\.)*","type":\d+\})$/u)?.[1] ?? ""
  );
}

/** The digits before the closing brace: `type` of start and result. */
export function lastNumber(buffer: Buffer, end: number): number | undefined {
  let at = end - 1;
  while (isDigit(buffer[at - 1])) at--;
  return at < end - 1 ? Number(buffer.toString("latin1", at, end - 1)) : undefined;
}

export function parseEvent(buffer: Buffer, start: number, end: number): Json | undefined {
  try {
    const value: unknown = JSON.parse(buffer.toString("utf8", start + "@nix ".length, end));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A log line as it stands inside a JSON string, perhaps cut in the middle of an escape. */
export function unescapeJson(raw: string): string {
  if (!raw.includes("\\")) return raw;
  try {
    return JSON.parse(`"${raw}"`);
  } catch {
    const whole = raw.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/u, "");
    try {
      return JSON.parse(`"${whole}"`);
    } catch {
      return whole;
    }
  }
}
