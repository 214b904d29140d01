/** Names of the patterns: what a report shows and what a waiver names. */

export const WEAKENING_PATTERNS = [
  "check removed",
  "test removed",
  "test ignored",
  "test skipped",
  "test target off",
  "test runner replaced",
  "default feature removed",
  "workspace member removed",
  "doCheck = false",
  "|| true",
  "|| echo",
  "set +e",
  "failure ignored",
  "stub builder",
  "phase removed",
  "setting removed",
  "input removed",
  "patch removed",
  "feature removed",
  "system removed",
  "output removed",
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
  /** Name of the test, check or step it is about. */
  readonly what?: string;
  /** It is about how programs were put into a folder of tools (`symlinkJoin`): whether that folder is of the outputs, only evaluation tells. */
  readonly packs?: true;
  /** Of a stub: it prints what stands in an antiquotation, which may be a derivation that it so waits for. */
  readonly joins?: true;
}

/** One file of a change; undefined texts: no such file. Paths are relative to the repository. */
export interface ChangedText {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** No other file of the base refers to it: what it held was part of nothing. */
  readonly unused?: boolean;
}
