import type { Message } from "../messages.ts";

/** When and how a transcript is cut, in UTF-8 bytes of tool results. */
export interface ContextSizes {
  /** Results are cut when all of them together pass this … */
  readonly high: number;
  /** … until they are below this, so that the next cut is far away. */
  readonly low: number;
  /** The last results, whatever their size, stay whole. */
  readonly keep: number;
  /** A shorter result is not worth a cut. */
  readonly long: number;
}

/** About 100,000 and 40,000 tokens: below the long-context prices of all vendors (100,000 to 272,000 tokens of prompt). */
export const DEFAULT_CONTEXT: ContextSizes = { high: 300_000, low: 120_000, keep: 6, long: 1_000 };

/**
 * The messages to send: old, long tool results become one line that says how to get them again. Which ones are cut is decided by replaying
 * the transcript from its start, so a longer transcript keeps every earlier decision: the prefix stays byte-stable, for the providers'
 * prompt caches, except at the rare step that cuts. The journal keeps everything.
 */
export function compact(messages: readonly Message[], sizes: ContextSizes = DEFAULT_CONTEXT): readonly Message[] {
  const lengths = messages.map((message) => (message.role === "tool" ? byteLength(message.text) : 0));
  const cut = new Set<number>();
  const standing: number[] = [];
  let total = 0;
  for (const [at, length] of lengths.entries()) {
    if (messages[at]?.role !== "tool") continue;
    standing.push(at);
    total += length;
    if (total <= sizes.high) continue;
    for (const old of standing.slice(0, -sizes.keep)) {
      if (total <= sizes.low) break;
      const size = lengths[old] ?? 0;
      if (cut.has(old) || size < sizes.long) continue;
      cut.add(old);
      total -= size;
    }
  }
  if (cut.size === 0) return messages;
  return messages.map((message, at) =>
    message.role === "tool" && cut.has(at) ? { ...message, text: stub(message.tool, lengths[at] ?? 0) } : message,
  );
}

const stub = (tool: string, bytes: number): string =>
  `(cut: ${bytes} bytes of an earlier ${tool} result; call ${tool} again with the same arguments if it is still needed)`;

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;
