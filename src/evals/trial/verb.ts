import { basename } from "node:path";
import type { TaskFile } from "../task/task-file.ts";

/** What a trial's program is asked to do. Paths as the program sees them. */
export interface VerbPlaces {
  readonly statement: string;
  readonly patch: string;
  /** Approved CRQ that was given with the task, relative to the repository. */
  readonly crq: string | undefined;
  /** List of existing CRQs that was given, relative to the repository. */
  readonly list: string | undefined;
  /** undefined: the machine's own network. */
  readonly world: string | undefined;
  /** `descriptor:NUMBER` */
  readonly model: string;
}

export interface VerbSettings {
  /** A cap in dollars goes with a known price alone. */
  readonly priceKnown: boolean;
  readonly unsafeLocal: boolean;
}

/** Its own clock also counts what the host does not: waiting for a provider's rate. The host ends the trial at `wall-s` of work. */
const A_DAY = 86_400;

/** The verb of a task with its arguments, as a person would type them. Pure. */
export function verbOf(task: TaskFile, places: VerbPlaces, settings: VerbSettings): readonly string[] {
  const common = [
    ...["--json", "--model", places.model],
    ...(places.world === undefined ? [] : ["--world", places.world]),
    ...["--max-turns", String(task.limits.turns), "--max-tokens", String(task.limits["output-tokens"])],
    ...["--max-builds", String(task.limits.builds), "--max-wall", String(A_DAY)],
    ...(settings.priceKnown ? ["--max-usd", String(task.limits.usd)] : []),
  ];
  const wish = ["--task-file", places.statement];
  const changing = ["--yes", "--patch", places.patch, ...(settings.unsafeLocal ? ["--unsafe-local"] : [])];
  switch (kindOfVerb(task, places.crq)) {
    case "draft":
      return ["draft", ...wish, ...(places.list === undefined ? [] : ["--list", places.list]), ...common];
    case "apply":
      return ["apply", ...(places.crq === undefined ? wish : [places.crq]), ...changing, ...common];
    case "repair":
      return ["repair", "--without-rules", ...wish, ...changing, ...common];
  }
}

function kindOfVerb({ kind, expect }: TaskFile, crq: string | undefined): "draft" | "apply" | "repair" {
  switch (kind) {
    case "draft":
      return "draft";
    case "apply":
    case "end-to-end":
      return "apply";
    case "repair":
      return crq === undefined ? "repair" : "apply";
    case "refuse":
      return expect.verb ?? "apply";
  }
}

const CRQ_FILE = /^CRQ-\d+.*\.md$/u;
const LIST_FILE = /^list\.(?:txt|md|json|csv)$/u;

export const isCrqFile = (path: string): boolean => CRQ_FILE.test(basename(path));
export const isListFile = (path: string): boolean => LIST_FILE.test(basename(path));
