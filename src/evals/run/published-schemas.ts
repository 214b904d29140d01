import { z } from "zod";
import { summarySchema } from "../results/summary.ts";
import { trialRowSchema } from "../results/trial-row.ts";
import { claimSchema } from "../trial/submission.ts";

/** JSON Schemas (draft 2020-12) of what a run leaves for other programs, made from what the readers check: file name to schema. */
export const publishedSchemas = (): Readonly<Record<string, unknown>> => ({
  "crq-trial-1.schema.json": {
    $id: "crq-trial-1.schema.json",
    title: "crq-trial/1: trial.json, and one line of results.jsonl",
    ...z.toJSONSchema(trialRowSchema),
  },
  "crq-claim-1.schema.json": {
    $id: "crq-claim-1.schema.json",
    title: "crq-claim/1: what an agent says of its own work",
    ...z.toJSONSchema(claimSchema),
  },
  "crq-evals-1.schema.json": {
    $id: "crq-evals-1.schema.json",
    title: "crq-evals/1: summary.json of a run",
    ...z.toJSONSchema(summarySchema),
  },
});
