import type { ChangeSubject } from "../subject.ts";

/** One thing that makes a working change a good one. Exploratory: nothing is decided by it. */
export interface QualityMeasure {
  readonly name: string;
  /** Whether the change is good in this respect, and what was seen; undefined where it does not apply to this task or change. */
  look(subject: ChangeSubject): Promise<Seen | undefined>;
}

export interface Seen {
  readonly good: boolean;
  readonly detail: string;
}

export const seen = (good: boolean, detail: string): Seen => ({ good, detail });
