import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EventBody, eventBody } from "../../../agent/events.ts";
import { errorCode } from "../../../system/error.ts";
import type { TrialRow } from "../../results/trial-row.ts";

const CASSETTE = "cassette.jsonl";

/**
 * What an attempt used that gave no result of its own, by the requests and replies of its cassette. Of a request without a reply nobody
 * knows what it cost: the dollars are then unknown (absent), and the tokens are those of the others. What a crash left of a line is neither.
 */
export async function recordedUsage(attempt: string): Promise<Omit<TrialRow["usage"], "overheadUsd">> {
  const events = await cassetteEvents(join(attempt, CASSETTE));
  const calls = events.filter(({ type }) => type === "ask").length;
  const usages = events.flatMap((event) => (event.type === "reply" ? [event.message.usage] : []));
  const total = (of: (usage: (typeof usages)[number]) => number): number => usages.reduce((sum, usage) => sum + of(usage), 0);
  const known = usages.length === calls && usages.every(({ usd }) => usd !== undefined);
  return {
    calls,
    input: total(({ input }) => input),
    output: total(({ output }) => output),
    cacheRead: total(({ cacheRead }) => cacheRead),
    cacheWrite: total(({ cacheWrite }) => cacheWrite),
    ...(known ? { usd: total(({ usd = 0 }) => usd) } : {}),
  };
}

/** US dollars of the replies that an attempt got: no less was spent, also where a request under way or a reply without a price may have cost more. */
export async function knownUsd(attempt: string): Promise<number> {
  const events = await cassetteEvents(join(attempt, CASSETTE));
  return events.reduce((total, event) => total + (event.type === "reply" ? (event.message.usage.usd ?? 0) : 0), 0);
}

async function cassetteEvents(file: string): Promise<readonly EventBody[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    // It is made before the first request.
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    const event = eventIn(line);
    return event ? [event] : [];
  });
}

function eventIn(line: string): EventBody | undefined {
  try {
    const event = eventBody.safeParse(JSON.parse(line));
    return event.success ? event.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
