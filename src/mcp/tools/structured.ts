import { z } from "zod";
import type { Answer } from "../open-work.ts";

/**
 * Structured results, only where the structure says all that the text says: some clients show their model the one and not the other.
 */
const criteria = z.array(z.object({ id: z.string(), verdict: z.string() }));

export const statusOutput = z.object({
  session: z.string().nullable().describe("null: no session is open."),
  verb: z.enum(["apply", "draft"]).nullable(),
  crq: z.string().nullable(),
  turns: z.number().int(),
  maxTurns: z.number().nullable(),
  builds: z.number().int(),
  maxBuilds: z.number().nullable(),
  seconds: z.number().describe("Of work; what the client takes to think is none."),
  maxSeconds: z.number().nullable(),
  running: z
    .object({ tool: z.string(), seconds: z.number(), latest: z.string().nullable().describe("Its last sign of life.") })
    .nullable()
    .describe("What is carried out now."),
  waiting: z.number().int().describe("Calls behind it."),
});

const listFiles = z.object({
  files: z.array(z.string()),
  total: z.number().int().describe("More than `files` holds: narrow it."),
});
const nixAttr = z.object({
  exists: z.boolean(),
  derivation: z.boolean(),
  name: z.string().optional(),
  version: z.string().optional(),
  near: z.array(z.string()).describe("Names that exist, when this one does not."),
});
const checkCriteria = z.object({ ok: z.boolean(), criteria, text: z.string().describe("Each verdict with its reason.") });
const finish = z.object({
  outcome: z.string().describe("`done`: every criterion is proven and the change was handed over."),
  branch: z.string().nullable(),
  criteria,
  text: z.string(),
});

const OUTPUTS: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>([
  ["session_status", statusOutput],
  ["list_files", listFiles],
  ["nix_attr", nixAttr],
  ["check_criteria", checkCriteria],
  ["finish", finish],
]);

/** JSON Schema of what a tool's success holds as data. */
export function outputSchemaOf(tool: string): Readonly<Record<string, unknown>> | undefined {
  const schema = OUTPUTS.get(tool);
  if (schema === undefined) return undefined;
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}

/** The data of an answer; undefined where its tool has none, or it failed. */
export function structuredOf(tool: string, answer: Answer): Record<string, unknown> | undefined {
  const schema = OUTPUTS.get(tool);
  if (schema === undefined || answer.isError) return undefined;
  const { ended, text } = answer;
  const given = ended
    ? { outcome: ended.outcome.kind, branch: ended.branch, criteria: ended.criteria, text }
    : { ...(answer.details instanceof Object && answer.details), text };
  return schema.safeParse(given).data;
}
