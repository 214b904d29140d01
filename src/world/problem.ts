/** One thing that is wrong with a world or with the machine that is to serve it. */
export interface WorldProblem {
  /** Path of the file or folder, as a person can open it. */
  readonly file: string;
  /** One-based, where a line can be named. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** What to do now. */
  readonly next: string;
}

/** `content`: the folder is not a world. `host`: this machine cannot serve it. `disk`: no room for its store. */
export type WorldErrorKind = "content" | "host" | "disk";

export class WorldError extends Error {
  override readonly name = "WorldError";
  readonly kind: WorldErrorKind;
  readonly problems: readonly WorldProblem[];

  constructor(kind: WorldErrorKind, problems: readonly WorldProblem[]) {
    super(problems.map(describeProblem).join("\n"));
    this.kind = kind;
    this.problems = problems;
  }
}

/** `FILE:LINE:COLUMN: what happened; next: what to do`. */
export function describeProblem(problem: WorldProblem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(":");
  return `${place}: ${problem.message}; next: ${problem.next}`;
}
