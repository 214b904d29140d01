import type { GiveUpReason } from "../../agent/outcome.ts";
import type { Contradiction } from "../../crq/facts/contradictions.ts";
import type { DocumentFact } from "../../repo/facts.ts";
import type { DraftFrame, SurveyDetails } from "../../tools/contract.ts";
import { type Decision, giveUp } from "../decision.ts";
import type { Answered } from "./evidence.ts";

/** What every kind of draft is made from, and what comes of it. */

export interface Drafting {
  readonly details: SurveyDetails;
  readonly frame: DraftFrame;
  readonly task: string;
  /** What a person said on the terminal. */
  readonly answers: readonly Answered[];
  /** Facts that the linter refused, `SOURCE\0QUOTE`. */
  readonly refused: ReadonlySet<string>;
  readonly template: (name: string) => string;
}

export interface Drafted {
  readonly markdown: string;
  /** Contradictions that a person has to decide. */
  readonly open: readonly Contradiction<DocumentFact>[];
}

export interface Refused {
  readonly decision: Decision;
}

export const refuse = (reason: GiveUpReason, detail: string): Refused => ({ decision: giveUp(reason, detail) });
