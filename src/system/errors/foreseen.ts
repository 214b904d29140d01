import { ERRORS, type ErrorCode } from "./codes.ts";

/** An end that was foreseen: its message is for the person (what, where, next move), its code and exit code are documented. */
export class ForeseenError extends Error {
  override readonly name: string = "ForeseenError";
  readonly code: ErrorCode;
  readonly exit: number;
  readonly diagnostics: readonly unknown[];

  /** @param exit where the failure has more than the exit code of its entry */
  constructor(code: ErrorCode, message: string, diagnostics: readonly unknown[] = [], exit: number = ERRORS[code].exit) {
    super(message);
    this.code = code;
    this.exit = exit;
    this.diagnostics = diagnostics;
  }
}

/** The message with its code behind it; below it, where the message has several lines. */
export const withCode = (message: string, code: ErrorCode): string => `${message}${message.includes("\n") ? "\n" : " "}[${code}]`;
