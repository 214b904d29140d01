import { z } from "zod";
import { editSchema } from "../../tools/contract.ts";

/** What the page reads of results' details. A journal of an earlier version may lack any of it; such a result is shown by its text. */

const position = z.object({ file: z.string(), line: z.number(), column: z.number() });

export const diagnosisSchema = z.object({
  kind: z.string(),
  message: z.string(),
  fingerprint: z.string(),
  stage: z.string().exactOptional(),
  position: position.exactOptional(),
  derivation: z.object({ name: z.string(), owner: z.string().exactOptional() }).exactOptional(),
  excerpt: z.string().exactOptional(),
  next: z.string().exactOptional(),
});
export type ShownDiagnosis = z.infer<typeof diagnosisSchema>;

/** Of `propose_edit`, `propose_lattice` and `propose_step_flakes`. */
export const proposalDetails = z.object({
  accepted: z.boolean(),
  stage: z.string(),
  pending: z.boolean().default(false),
  problems: z.array(z.string()),
  diagnoses: z.array(diagnosisSchema),
  changed: z.array(z.string()).default([]),
  texts: z.record(z.string(), z.string()).default({}),
});
export type ProposalVerdict = z.infer<typeof proposalDetails>;

export const proposalArguments = z.object({
  edits: z.array(editSchema),
  why: z.string().exactOptional(),
  amend: z.boolean().default(false),
});
export type ProposalArguments = z.infer<typeof proposalArguments>;

/** Of every tool that asks Nix. */
const withDiagnoses = z.object({ diagnoses: z.array(diagnosisSchema) });
const withCriteria = z.object({ criteria: z.array(withDiagnoses) });

/** The diagnoses that a result's details or an acceptance hold, in their order. */
export function diagnosesIn(details: unknown): readonly ShownDiagnosis[] {
  const own = withDiagnoses.safeParse(details).data?.diagnoses ?? [];
  const ofCriteria = withCriteria.safeParse(details).data?.criteria.flatMap(({ diagnoses }) => diagnoses) ?? [];
  return [...own, ...ofCriteria];
}
