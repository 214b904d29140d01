import { z } from "zod";
import type { Crq } from "../model.ts";

/** What the lists say of a document, and what it is found by. A plain value, so that it can be kept between runs. */
export const summarySchema = z.strictObject({
  /** Of the metadata block. */
  blockId: z.string().exactOptional(),
  /** Of the H1. */
  titleId: z.string().exactOptional(),
  hasBlock: z.boolean(),
  title: z.string(),
  status: z.string().exactOptional(),
  kind: z.string().exactOptional(),
  /** Living criteria, and those of them that have a check. */
  criteria: z.number().int(),
  checked: z.number().int(),
  dependsOn: z.array(z.string()),
});
export type CrqSummary = z.infer<typeof summarySchema>;

export function summaryOf({ metadata, metadataRange, title, criteria }: Crq): CrqSummary {
  const living = criteria.filter(({ withdrawn }) => withdrawn === undefined);
  return {
    ...(metadata && { blockId: metadata.id, status: metadata.status, kind: metadata.kind }),
    ...(title?.id !== undefined && { titleId: title.id }),
    hasBlock: metadataRange !== undefined,
    title: metadata?.title ?? title?.text ?? "",
    criteria: living.length,
    checked: living.filter(({ checks }) => checks.length > 0).length,
    dependsOn: [...(metadata?.dependsOn ?? [])],
  };
}
