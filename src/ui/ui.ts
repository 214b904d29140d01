import type { Event } from "../agent/events.ts";

/**
 * What a run shows. Everything a program reads goes to stdout as one JSON document (`--json`) or as JSON lines (`--events`); everything a
 * person reads besides the result goes to stderr.
 */
export interface Ui {
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  /** Columns of the terminal that gets the result; 100 where it is none. */
  readonly width: number;
  /** Each journal event, in order. */
  event(event: Event): void;
  /** Something short that is worth seeing now and no longer (a line of a build log). */
  progress(text: string): void;
  /** A line for people. */
  say(text: string): void;
  /** A line for people that `--quiet` does not silence. */
  warn(text: string): void;
  /** The result: text for people, data for programs. Called once. */
  result(result: { readonly text: string; readonly json: JsonResult }): void;
  /** Shows `details`, asks, and gives the answer; false where nobody can be asked. */
  confirm(question: string, details: string): Promise<boolean>;
  /** Shows `details`, asks, and gives the line that was typed, trimmed; undefined where nobody can be asked, or the input ended. */
  ask(question: string, details: string): Promise<string | undefined>;
  /**
   * Shows `details` and lets a person choose one value; undefined where the question was left. Absent where only yes and no can be asked:
   * a question of several parts is one then.
   */
  choose?<Value extends string>(question: string, details: string, choices: readonly Choice<Value>[]): Promise<Value | undefined>;
  /** Puts the terminal back in order. */
  close(): void;
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** The envelope of `--json` on every verb. */
export interface JsonResult {
  /** `crq-agent/<verb>/1`. */
  readonly schema: string;
  readonly ok: boolean;
  readonly exit: number;
  readonly data: unknown;
  readonly diagnostics: readonly unknown[];
}
