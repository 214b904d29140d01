import type { Waiver } from "../../model.ts";
import type { WeakeningEvidence } from "../report/evidence.ts";
import { isGiven } from "../verdicts.ts";

/** A weakening in words, and the waivers that a person gave. */

export interface TiedWeakening {
  readonly pattern: string;
  readonly file: string;
  readonly line: number;
  readonly what?: string;
  readonly ac?: string;
}

/** `test removed (adds) at src/lib.rs:1` */
export function describeWeakening({ pattern, file, line, what }: TiedWeakening): string {
  return `${pattern}${what === undefined ? "" : ` (${what})`} at ${file}:${line}`;
}

/** A waiver names the pattern, or the pattern and its file as `PATTERN:FILE`. */
export const namesWeakening = ({ weakening: named }: Waiver, { pattern, file }: TiedWeakening): boolean =>
  named === pattern || named === `${pattern}:${file}`;

/** Which of them a person's valid waiver covers. */
export function withWaivers(
  weakenings: readonly TiedWeakening[],
  waivers: readonly Waiver[],
  today: string,
): readonly WeakeningEvidence[] {
  const given = waivers.filter((waiver) => isGiven(waiver, today));
  return weakenings.map((weakening) => ({
    ...weakening,
    waived: given.some((waiver) => namesWeakening(waiver, weakening)),
  }));
}
