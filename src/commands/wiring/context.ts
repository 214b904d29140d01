import type { UserFolders } from "../../config.ts";
import { ForeseenError } from "../../system/errors/foreseen.ts";
import type { OutputMode, Streams } from "../../ui/output.ts";
import type { Ui } from "../../ui/ui.ts";

/** What a verb may know of the process it runs in; handed in by cli.ts, the only reader of process. */
export interface CliContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folders: UserFolders;
  readonly streams: Streams;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ctrl-C at a prompt, where the terminal sends no signal: aborts `signal` at once. */
  readonly interrupt?: () => void;
  /** `0.1.0`. */
  readonly version: string;
  /** Folder that holds prompts/ and evals/world. */
  readonly packageRoot: string;
  readonly now: () => number;
}

/** Options of every verb that talks to people and programs. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly events?: boolean;
  readonly quiet?: boolean;
}

export const outputMode = (options: OutputOptions): OutputMode => (options.json ? "json" : options.events ? "events" : "people");

/** An end that a verb foresaw. */
export class CommandError extends ForeseenError {
  override readonly name = "CommandError";
}

/** A verb: options in, exit code out. */
export type Verb<Arguments extends readonly unknown[]> = (context: CliContext, ui: Ui, ...args: Arguments) => Promise<number>;
