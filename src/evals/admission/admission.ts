import { z } from "zod";

/** What admission found of one task: whether it may stand in a suite, and why not. */

const problemSchema = z.strictObject({
  /** `task`, `nop`, `solution…` or `hack NAME`. */
  subject: z.string(),
  /** The gate or rule that decided, or what of the task is not as it must be (`canary`, `visible-text` …). */
  rule: z.string(),
  detail: z.string(),
  log: z.string().exactOptional(),
});

export const admissionSchema = z.strictObject({
  schema: z.literal("crq-admission/1"),
  task: z.string(),
  taskHash: z.string(),
  admitted: z.boolean(),
  /** Passes of each solution: 3, or 1 of `--quick`. */
  rounds: z.int().positive(),
  problems: z.array(problemSchema),
  seconds: z.number().nonnegative(),
  /** When it was looked at. */
  at: z.iso.datetime().exactOptional(),
  /** Folder with the logs of its gradings; absent where none was needed. */
  logs: z.string().exactOptional(),
});

export type AdmissionProblem = Readonly<z.infer<typeof problemSchema>>;
export type Admission = Readonly<z.infer<typeof admissionSchema>>;
