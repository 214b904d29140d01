import type { ServerContext } from "@modelcontextprotocol/server";
import { plainText } from "../agent/plain-text.ts";

/** A build may print thousands of lines a second. */
const BETWEEN_MS = 250;
/** Clients give a call up that shows no life for a minute; a criterion may say nothing for longer. */
const SIGN_OF_LIFE_MS = 10_000;
const LONGEST = 300;

export interface ProgressOfCall {
  readonly show: (text: string) => void;
  readonly stop: () => void;
}

/** Progress notifications of one request, where the client asked for them with a token. */
export function startProgress({ mcpReq }: ServerContext): ProgressOfCall {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { show: () => undefined, stop: () => undefined };
  const began = performance.now();
  let sent = 0;
  let last = Number.NEGATIVE_INFINITY;
  let latest = "at work";
  const send = (message: string): void => {
    if (mcpReq.signal.aborted) return;
    last = performance.now();
    sent += 1;
    // A client that is gone is told nothing; its request ends by its signal.
    mcpReq
      .notify({ method: "notifications/progress", params: { progressToken, progress: sent, message } })
      .catch(() => undefined);
  };
  const timer = setInterval(() => {
    if (performance.now() - last >= SIGN_OF_LIFE_MS)
      send(`${latest} (${Math.round((performance.now() - began) / 1000)} s so far)`);
  }, SIGN_OF_LIFE_MS / 2);
  return {
    show(text) {
      latest = plainText(text).replaceAll(/\s+/gu, " ").trim().slice(0, LONGEST);
      if (latest !== "" && performance.now() - last >= BETWEEN_MS) send(latest);
    },
    stop: () => clearInterval(timer),
  };
}
