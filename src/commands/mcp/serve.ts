import { plainText } from "../../agent/plain-text.ts";
import type { Verb } from "../wiring/context.ts";
import { type McpOptions, openWorkplace } from "./workplace.ts";

/** `crq-agent mcp`: serves one MCP client over stdin and stdout until it goes away. */
export const serve: Verb<[McpOptions]> = async (context, ui, options) => {
  const place = await openWorkplace(context, options);
  const { serveMcp } = await import("../../mcp/server.ts");
  await serveMcp({
    place,
    stdin: context.streams.stdin,
    stdout: context.streams.stdout,
    log: (text) => ui.say(`crq-agent mcp: ${plainText(place.clean(text))}`),
    signal: context.signal,
  });
  return 0;
};
