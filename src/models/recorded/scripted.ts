import { type Ask, type AssistantMessage, type Model, NO_USAGE, type Usage } from "../../agent/messages.ts";
import { type Expectation, readScript, type ScriptedReply } from "./script-file.ts";

/**
 * A model that says what a file says: for demonstrations, tests and bug reports. Its n-th reply answers the n-th request of a conversation,
 * counted by the replies already in it, so that it goes on in the right place after a resume. What it costs is what the script says.
 */
export class ScriptedModel implements Model {
  readonly name: string;
  readonly #replies: readonly ScriptedReply[];

  constructor(name: string, replies: readonly ScriptedReply[]) {
    this.name = name;
    this.#replies = replies;
  }

  /** @throws ScriptError naming file and place */
  static async load(name: string, file: string): Promise<ScriptedModel> {
    return new ScriptedModel(name, await readScript(file));
  }

  worstCase(): Usage {
    return { ...NO_USAGE, usd: Math.max(...this.#replies.map(({ usage }) => usage.usd)) };
  }

  async complete(ask: Ask): Promise<AssistantMessage> {
    const at = ask.messages.filter((message) => message.role === "assistant").length;
    const blank = { role: "assistant", text: "", calls: [], usage: NO_USAGE, model: this.name } as const;
    if (ask.signal.aborted) return { ...blank, stop: "aborted" };
    const reply = this.#replies[at];
    if (reply === undefined) {
      return {
        ...blank,
        stop: "error",
        text: `${this.name}: the script has ${this.#replies.length} replies and was asked for another one`,
      };
    }
    const unmet = unmetExpectations(reply.expect, ask);
    if (unmet.length > 0)
      return {
        ...blank,
        stop: "error",
        text: `${this.name}: reply ${at + 1} did not get the request it expects: ${unmet.join("; ")}`,
      };
    const { "cache-read": cacheRead, "cache-write": cacheWrite, ...usage } = reply.usage;
    return {
      ...blank,
      text: reply.text,
      calls: reply.call.map((call, i) => ({
        id: call.id ?? `call-${at + 1}-${i + 1}`,
        tool: call.tool,
        arguments: call.raw ?? JSON.stringify(call.arguments ?? {}),
      })),
      usage: { ...usage, cacheRead, cacheWrite },
      stop: reply.stop ?? (reply.call.length > 0 ? "tools" : "end"),
    };
  }
}

/** What a request lacks of what a reply was written for, each with what came instead. */
export function unmetExpectations(expect: Expectation, ask: Ask): readonly string[] {
  const last = ask.messages.at(-1);
  const since = ask.messages.slice(ask.messages.findLastIndex((message) => message.role === "assistant") + 1);
  const fresh = since.map(({ text }) => text).join("\n");
  const offered = ask.tools.map(({ name }) => name);
  const lastTool = last?.role === "tool" ? last : undefined;
  return [
    ...(expect.system ?? []).filter((text) => !ask.system.includes(text)).map((text) => `the system text lacks ${quoted(text)}`),
    ...(expect.tools ?? [])
      .filter((name) => !offered.includes(name))
      .map((name) => `the tool ${name} is not offered (${offered.join(", ") || "none is"})`),
    ...(expect["last-tool"] !== undefined && lastTool?.tool !== expect["last-tool"]
      ? [
          `the last message is ${lastTool === undefined ? `from the ${last?.role ?? "nobody"}` : `a result of ${lastTool.tool}`}, not a result of ${expect["last-tool"]}`,
        ]
      : []),
    ...(expect.error !== undefined && lastTool?.isError !== expect.error
      ? [`the last result is ${expect.error ? "no error" : "an error"}: ${quoted(fresh)}`]
      : []),
    ...(expect.contains ?? [])
      .filter((text) => !fresh.includes(text))
      .map((text) => `${quoted(text)} is missing in ${quoted(fresh)}`),
    ...(expect.absent ?? []).filter((text) => fresh.includes(text)).map((text) => `${quoted(text)} is there and should not be`),
  ];
}

const quoted = (text: string): string => JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
