import { z } from "zod";
import type { Event } from "../agent/events.ts";
import type { Usage } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import { reportSchema } from "../crq/criteria/report/evidence.ts";
import { type SurveyData, surveySchema } from "../jobs/survey/schema.ts";

/** What the verbs answer, typed: the `data` of their JSON documents. */

/** How a call ended. `data` is what was found out also where `ok` is false; null where nothing was. */
export type Called<Data> =
  | { readonly ok: true; readonly exit: 0; readonly data: Data; readonly diagnostics: readonly Finding[] }
  | { readonly ok: false; readonly exit: number; readonly data: Data | null; readonly diagnostics: readonly Finding[] };

/** What is wrong, with its place and a code that docs/reference/errors.md explains. */
export interface Finding {
  readonly severity: "error" | "warning" | "info";
  readonly code?: string;
  readonly message: string;
  /** Relative to the repository; empty where no file is meant. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Problems of a whole file or place have no line, and those of a world say the next move apart. */
export const findingSchema = z
  .object({
    severity: z.enum(["error", "warning", "info"]).default("error"),
    code: z.string().exactOptional(),
    message: z.string(),
    next: z.string().exactOptional(),
    file: z.string().default(""),
    line: z.number().default(1),
    column: z.number().default(1),
  })
  .transform(
    ({ next, message, ...place }): Finding => ({ ...place, message: next === undefined ? message : `${message}; ${next}` }),
  );

const usage: z.ZodType<Usage> = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
  usd: z.number().exactOptional(),
});

const isOutcome = (value: unknown): value is Outcome =>
  typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
const outcome = z.custom<Outcome>(isOutcome, "is no outcome");

const handOver = z.discriminatedUnion("form", [
  z.object({ form: z.literal("branch"), branch: z.string(), commit: z.string() }),
  z.object({ form: z.literal("patch"), path: z.string() }),
  z.object({ form: z.literal("files"), paths: z.array(z.string()) }),
  z.object({ form: z.literal("nothing") }),
]);

export const draftedSchema = z.object({
  /** Id of the session; `crq-agent sessions show` tells its story. */
  session: z.string(),
  /** The document's text; null where none was handed in. */
  document: z.string().nullable(),
  /** Where it was written, relative to the repository. */
  path: z.string().nullable(),
  outcome,
  usage,
  notes: z.array(z.string()),
});
export type Drafted = z.infer<typeof draftedSchema>;

export const appliedSchema = z.object({
  session: z.string(),
  outcome,
  handOver,
  /** What the run asks a person, where it ended so. */
  question: z.object({ text: z.string() }).nullable(),
  /** crq-report/1; null where no acceptance was run. */
  report: reportSchema.nullable(),
  /** Folder of the report and the logs. */
  evidence: z.string(),
  usage: usage.nullable(),
  turns: z.number(),
  builds: z.number(),
  nixProcesses: z.number(),
  notes: z.array(z.string()),
});
export type Applied = z.infer<typeof appliedSchema>;

export const verifiedSchema = z.object({ session: z.string(), report: reportSchema, evidence: z.string() });
export type Verified = z.infer<typeof verifiedSchema>;

export type { Event, Outcome, Usage };
export { type SurveyData, surveySchema };
