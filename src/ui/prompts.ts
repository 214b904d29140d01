import { createInterface } from "node:readline/promises";
import { shownText } from "./shown-text.ts";
import type { Choice } from "./ui.ts";

/** The terminal's own prompts. In them the terminal is raw: Ctrl-C comes as a key, and no signal is sent. */

/** `interrupted`: with Ctrl-C. `left`: with Escape, at the end of the input (Ctrl-D), or since the program is to end. */
export type Left = "interrupted" | "left";

export const isLeft = (answer: unknown): answer is Left => answer === "interrupted" || answer === "left";

interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** One line, trimmed. */
export async function askLine(
  { stdin, stderr }: Terminal,
  question: string,
  signal: AbortSignal | undefined,
): Promise<Left | { readonly line: string }> {
  const reader = createInterface({ input: stdin, output: stderr });
  const close = (): void => reader.close();
  signal?.addEventListener("abort", close, { once: true });
  let interrupted = false;
  reader.once("SIGINT", () => {
    interrupted = true;
    reader.close();
  });
  // A reader that is closed never answers its question.
  const closed = new Promise<undefined>((resolve) => reader.once("close", () => resolve(undefined)));
  try {
    const line = await Promise.race([reader.question(`${question} `), closed]);
    return line === undefined ? (interrupted ? "interrupted" : "left") : { line: line.trim() };
  } finally {
    signal?.removeEventListener("abort", close);
    reader.close();
  }
}

/** One of several, with arrow keys. The library is loaded when somebody is asked: no other verb has a use for it. */
export async function chooseOne<Value extends string>(
  { stdin, stderr }: Terminal,
  message: string,
  choices: readonly Choice<Value>[],
  signal: AbortSignal | undefined,
): Promise<Left | { readonly value: Value }> {
  const { isCancel, select } = await import("@clack/prompts");
  const leave = new AbortController();
  let interrupted = false;
  const onKey = (_: unknown, { ctrl, name }: { readonly ctrl?: boolean; readonly name?: string }): void => {
    interrupted ||= ctrl === true && name === "c";
    // The menu knows no end of the input, and would wait forever.
    if (ctrl === true && name === "d") leave.abort();
  };
  const onEnd = (): void => leave.abort();
  stdin.on("keypress", onKey).once("end", onEnd);
  try {
    const answer = await select<string>({
      message,
      input: stdin,
      output: stderr,
      signal: signal === undefined ? leave.signal : AbortSignal.any([leave.signal, signal]),
      options: choices.map(({ value, label, hint }) => ({
        value,
        label: shownText(label),
        ...(hint !== undefined && { hint: shownText(hint) }),
      })),
    });
    const chosen = isCancel(answer) ? undefined : choices.find(({ value }) => value === answer);
    return chosen === undefined ? (interrupted ? "interrupted" : "left") : { value: chosen.value };
  } finally {
    stdin.off("keypress", onKey).off("end", onEnd);
  }
}
