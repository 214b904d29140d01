import type { Event } from "../agent/events.ts";
import { addUsage, NO_USAGE, type Usage } from "../agent/messages.ts";
import { describeEvent } from "./describe-event.ts";
import { askLine, chooseOne, isLeft, type Left } from "./prompts.ts";
import { shownText } from "./shown-text.ts";
import { duration, money, oneLine } from "./text.ts";
import type { JsonResult, Ui } from "./ui.ts";

export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Pipes and files have no width; a terminal that reports 0 (some serial ones do) has none either. */
const NO_TERMINAL_WIDTH = 100;

/** Columns below which a menu would be wrapped to pieces; a serial terminal may say that it has none. */
const NARROWEST = 40;

/** Of whoever is asked. */
export interface PromptOptions {
  /** Nobody is asked, though there is a terminal. */
  readonly noInput?: boolean;
  /** Closes an open prompt; after it none opens. */
  readonly signal?: AbortSignal;
  /** A prompt was left with Ctrl-C, or never opened since the program is to end. Called before the prompt gives its nothing. */
  readonly interrupt?: () => void;
}

export type OutputMode = "people" | "json" | "events";

/** The Ui of the command line: a folding status line on a terminal, plain lines elsewhere, JSON for programs. */
export function createUi(mode: OutputMode, streams: Streams, options: PromptOptions & { readonly quiet?: boolean } = {}): Ui {
  const status = streams.stderr.isTTY && mode === "people" && !options.quiet ? new StatusLine(streams.stderr) : undefined;
  const line = (text: string): void => {
    status?.clear();
    streams.stderr.write(`${shownText(text)}\n`);
    status?.draw();
  };
  const interactive = Boolean(streams.stdin.isTTY && streams.stderr.isTTY) && mode === "people" && !options.noInput;
  /** Shows the details and opens a prompt, unless the program is to end. */
  const prompt = async <Answer>(details: string, open: () => Promise<Left | Answer>): Promise<Answer | undefined> => {
    if (!interactive) return undefined;
    if (options.signal?.aborted) {
      options.interrupt?.();
      return undefined;
    }
    status?.clear();
    streams.stderr.write(`${shownText(details)}\n`);
    const answer = await open();
    if (answer === "interrupted" || options.signal?.aborted) options.interrupt?.();
    return options.signal?.aborted || isLeft(answer) ? undefined : answer;
  };
  const ask = async (question: string, details: string): Promise<string | undefined> =>
    (await prompt(details, () => askLine(streams, shownText(question), options.signal)))?.line;
  return {
    interactive,
    width: streams.stdout.columns || NO_TERMINAL_WIDTH,
    event(event) {
      if (mode === "events") {
        streams.stdout.write(`${JSON.stringify(event)}\n`);
        return;
      }
      status?.event(event);
      if (options.quiet || mode === "json") return;
      const text = describeEvent(event);
      if (text !== undefined) line(text);
    },
    progress(text) {
      status?.progress(text);
    },
    say(text) {
      if (!options.quiet) line(text);
    },
    warn: line,
    result({ text, json }) {
      status?.clear();
      // A file or a pipe gets each byte of a document; a terminal would act on some of them.
      const shown = streams.stdout.isTTY ? shownText(text) : text;
      if (mode === "people") streams.stdout.write(shown.endsWith("\n") || shown === "" ? shown : `${shown}\n`);
      else if (mode === "json") streams.stdout.write(`${JSON.stringify(json, undefined, 1)}\n`);
    },
    confirm: async (question, details) => /^y(?:es)?$/iu.test((await ask(`${question} [y/N]`, details)) ?? ""),
    ask,
    async choose(question, details, choices) {
      if (!(streams.stderr.columns >= NARROWEST)) {
        const listed = choices.map(({ label }, at) => `  ${at + 1}  ${label}`).join("\n");
        for (let shown = `${details}\n${listed}`; ; shown = listed) {
          const typed = await ask(`${question} [1-${choices.length}]`, shown);
          const chosen = choices[Number(typed) - 1];
          // A slip of the finger is asked again; nothing typed leaves it.
          if (chosen !== undefined || typed === undefined || typed === "") return chosen?.value;
        }
      }
      const chosen = await prompt(details, () => chooseOne(streams, shownText(question), choices, options.signal));
      return chosen?.value;
    },
    close() {
      status?.clear();
    },
  };
}

/** The last line of a terminal: phase, elapsed time, tokens, cost and what is happening right now. */
class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  #started: number | undefined;
  #phase = "starting";
  #now = "";
  #usage: Usage = NO_USAGE;
  #shown = false;
  #last = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  event(event: Event): void {
    this.#started ??= event.at;
    if (event.type === "phase") this.#phase = event.phase;
    if (event.type === "reply") this.#usage = addUsage(this.#usage, event.message.usage);
    if (event.type === "call") this.#now = event.call.tool;
    if (event.type === "progress") this.#now = event.text;
    if (event.type === "outcome") this.clear();
  }

  progress(text: string): void {
    this.#now = text;
    // A build may print thousands of lines a second.
    if (performance.now() - this.#last < 80) return;
    this.draw();
  }

  clear(): void {
    if (!this.#shown) return;
    this.#stream.write("\r\u001b[2K");
    this.#shown = false;
  }

  draw(): void {
    if (this.#started === undefined) return;
    this.#last = performance.now();
    const tokens = this.#usage.input + this.#usage.cacheRead + this.#usage.cacheWrite + this.#usage.output;
    const parts = [
      this.#phase,
      duration(Date.now() - this.#started),
      ...(tokens > 0 ? [`${tokens} tokens`, money(this.#usage.usd)] : []),
      this.#now,
    ];
    const text = oneLine(parts.filter((part) => part !== "").join(" · "), Math.max(20, (this.#stream.columns || 80) - 1));
    this.#stream.write(`\r\u001b[2K${text}`);
    this.#shown = true;
  }
}

/** A Ui that keeps what it was told: for tests and for library users. */
export function recordingUi(
  answers: readonly boolean[] = [],
): Ui & { readonly lines: string[]; readonly events: Event[]; readonly results: JsonResult[] } {
  const lines: string[] = [];
  const events: Event[] = [];
  const results: JsonResult[] = [];
  const left = [...answers];
  return {
    interactive: answers.length > 0,
    width: NO_TERMINAL_WIDTH,
    lines,
    events,
    results,
    event: (event) => void events.push(event),
    progress: () => undefined,
    say: (text) => void lines.push(text),
    warn: (text) => void lines.push(text),
    result: ({ text, json }) => {
      lines.push(text);
      results.push(json);
    },
    confirm: async () => left.shift() ?? false,
    ask: async () => undefined,
    close: () => undefined,
  };
}
