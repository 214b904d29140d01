import type { DiagnosisFacts, FailingDerivation, Position, Stage } from "../diagnosis.ts";

/** What a recogniser looks at: the lines of one derivation's log, or the messages of Nix itself. */
export interface Evidence {
  readonly stage: Stage;
  /** Clean lines; of a message its summary first, then the message with frames. */
  readonly lines: readonly string[];
  /** The same as one text, for patterns over several lines. */
  readonly text: string;
  /** What a reader sees of it, where that is not the lines around the deciding one. */
  readonly shown?: string;
  readonly derivation?: FailingDerivation;
  /** Of a message: where Nix points to. */
  readonly position?: Position;
}

/** A recogniser's answer: the class with its facts, in words, and the lines that decided it. */
export interface Finding {
  readonly facts: DiagnosisFacts;
  /** One line. */
  readonly message: string;
  /** The next move. */
  readonly next: string;
  /** Index of the deciding line. */
  readonly at: number;
  readonly stage?: Stage;
  readonly position?: Position;
  /** The derivation, where the message names one that is not the evidence's. */
  readonly derivationPath?: string;
  /** No verdict on the change: something outside could not be reached. */
  readonly unavailable?: boolean;
}

/** Knows one class by the words its tools use; undefined: not this one. */
export type Recogniser = (evidence: Evidence) => Finding | undefined;

export interface LineMatch {
  readonly at: number;
  readonly line: string;
  readonly match: RegExpMatchArray;
}

/** The first line that matches. */
export function firstMatch(evidence: Evidence, pattern: RegExp): LineMatch | undefined {
  for (const [at, line] of evidence.lines.entries()) {
    const match = line.match(pattern);
    if (match) return { at, line: line.trim(), match };
  }
  return undefined;
}

/** Every line that matches. */
export function allMatches(evidence: Evidence, pattern: RegExp): readonly LineMatch[] {
  return evidence.lines.flatMap((line, at) => {
    const match = line.match(pattern);
    return match ? [{ at, line: line.trim(), match }] : [];
  });
}
