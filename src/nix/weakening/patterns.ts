/** Names of the patterns: what a report shows and what a waiver names. */

export const WEAKENING_PATTERNS = [
  "check removed",
  "test removed",
  "test ignored",
  "test skipped",
  "doCheck = false",
  "|| true",
  "|| echo",
  "set +e",
  "stub builder",
  "--impure",
  "allowBroken",
  "import from derivation",
  "CI step removed",
  "continue-on-error",
  "policy exception added",
] as const;

export type WeakeningPattern = (typeof WEAKENING_PATTERNS)[number];

/** A pattern's occurrence in one text; `key` makes two texts comparable. */
export interface Occurrence {
  readonly pattern: WeakeningPattern;
  readonly line: number;
  readonly key: string;
}
