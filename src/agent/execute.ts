import { readArguments } from "./call/arguments.ts";
import type { ToolCall } from "./messages.ts";
import type { Outcome } from "./outcome.ts";
import { plainText } from "./plain-text.ts";
import { type ClipSizes, clip, DEFAULT_CLIP } from "./text/clip.ts";
import { nearest } from "./text/nearest.ts";
import type { Tool, ToolNote, ToolResult } from "./tool.ts";

/** What every tool call goes through: found, parsed, validated, policed, run, cleaned, clipped. No tool repeats any of it. */
export interface Workbench {
  readonly tools: readonly Tool[];
  /** A reason why this call is not allowed, with the next move; undefined lets it pass. */
  readonly police?: (tool: Tool, args: Readonly<Record<string, unknown>>) => string | undefined | Promise<string | undefined>;
  /**
   * Keeps a text whole before it is clipped.
   * @param name tool and call id, safe as a file name
   * @returns where it is, with how to read it, as the model is to be told; undefined when it could not be kept
   */
  readonly keep?: (name: string, text: string) => string | undefined | Promise<string | undefined>;
  /** Last change to a text before it is clipped: takes this machine's folders out, so that they reach no provider and replays match. */
  readonly clean?: (text: string) => string;
  readonly clip?: ClipSizes;
  /** How long a tool may take to stop after an abort, in milliseconds. Default 15 s (a child gets SIGKILL after five). */
  readonly graceMs?: number;
}

export interface Executed {
  readonly text: string;
  readonly isError: boolean;
  readonly details?: unknown;
  readonly outcome?: Outcome;
}

/**
 * Runs one call to its one result; never throws. Yields what the tool notes while it runs.
 * @param cutOff the reply ended at the output limit and this is its last call
 */
export async function* execute(
  call: ToolCall,
  bench: Workbench,
  signal: AbortSignal,
  cutOff: boolean,
): AsyncGenerator<ToolNote, Executed> {
  const tool = bench.tools.find((candidate) => candidate.name === call.tool);
  if (tool === undefined) return failed(unknownTool(call.tool, bench.tools));
  const read = readArguments(tool, call.arguments, cutOff);
  if (!read.ok) return failed(await presentable(read.text, nameOf(call), bench));
  try {
    const refusal = await bench.police?.(tool, read.args);
    if (refusal !== undefined) return failed(`${tool.name} was refused: ${refusal}`);
    const result = yield* running(tool, read.json, signal, bench.graceMs ?? 15_000);
    return {
      text: await presentable(result.text, nameOf(call), bench),
      isError: result.isError ?? false,
      ...(result.details !== undefined && { details: result.details }),
      ...(result.outcome && { outcome: result.outcome }),
    };
  } catch (error) {
    if (signal.aborted) return failed(`${tool.name} was stopped before it ended; what it had done so far may or may not stand.`);
    return failed(await presentable(bug(tool, error), nameOf(call), bench));
  }
}

const failed = (text: string): Executed => ({ text, isError: true });

function unknownTool(name: string, tools: readonly Tool[]): string {
  const names = tools.map((tool) => tool.name);
  const near = nearest(name, names);
  const shown = plainText(name).slice(0, 80);
  return `There is no tool "${shown}".${near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : ""} The tools are: ${names.join(", ")}.`;
}

function bug(tool: Tool, error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${tool.name} failed inside crq-agent, which is a bug of crq-agent and not of your call (${what}). It may or may not have had an effect: look before you go on, and try another way.`;
}

/** Runs the tool and hands on its notes as they come. An abort is waited out for a while, then the tool is left behind. */
async function* running(
  tool: Tool,
  json: Record<string, unknown>,
  signal: AbortSignal,
  graceMs: number,
): AsyncGenerator<ToolNote, ToolResult> {
  const notes: ToolNote[] = [];
  let wake = Promise.withResolvers<void>();
  const note = (event: ToolNote): void => {
    notes.push(event);
    wake.resolve();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abandoned = Promise.withResolvers<never>();
  const onAbort = (): void => {
    timer = setTimeout(() => abandoned.reject(new Error("the tool did not stop")), graceMs);
  };
  if (signal.aborted) throw new Error("aborted before it began");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    let settled = false;
    const result = Promise.race([tool.run(json, { signal, note }), abandoned.promise]);
    const settle = (): void => {
      settled = true;
    };
    const ended = result.then(settle, settle);
    for (;;) {
      await Promise.race([ended, wake.promise]);
      wake = Promise.withResolvers<void>();
      for (let next = notes.shift(); next !== undefined; next = notes.shift()) yield next;
      if (settled) return await result;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** The id is the provider's word and may become part of a path. */
const nameOf = (call: ToolCall): string => `${call.tool}-${call.id.replaceAll(/[^\w-]/gu, "_").slice(0, 64)}`;

/**
 * Text for the model: plain, cleaned, clipped, with the way to the rest.
 * @param name by which the whole text is kept
 */
export async function presentable(text: string, name: string, bench: Workbench): Promise<string> {
  const plain = plainText(text);
  const clean = bench.clean ? bench.clean(plain) : plain;
  const clipped = clip(clean, bench.clip ?? DEFAULT_CLIP);
  if (clipped === undefined) return clean;
  const kept = await bench.keep?.(name, clean);
  const rest = kept === undefined ? "The rest was not kept: ask for a smaller part." : `The whole output: ${kept}`;
  return `${clipped}\n[${clean.length} characters in all. ${rest}]`;
}
