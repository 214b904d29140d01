import { z } from "zod";
import type { Event } from "../../agent/events.ts";
import { OUTCOMES } from "../results/trial-row.ts";

/** claim.json: what the agent says of its own work. The host's verdict is another thing. */
export const claimSchema = z.strictObject({
  schema: z.literal("crq-claim/1"),
  outcome: z.enum(OUTCOMES),
  success: z.boolean(),
  /** Typed reason of a surrender, or what the outcome says of itself. */
  reason: z.string().exactOptional(),
  criteria: z.array(z.strictObject({ id: z.string(), verdict: z.string() })),
});

export type Claim = Readonly<z.infer<typeof claimSchema>>;

/** What an attempt hands to grading. Untrusted: the patch and the draft are the model's work. */
export interface Submission {
  /** A diff against the staged commit, as `git diff --binary` writes it; empty where nothing was handed over. */
  readonly patch: string;
  /** The document of a draft, or the one that an end-to-end run drafted. */
  readonly draft?: string;
  readonly claim: Claim;
  readonly events: readonly Event[];
}
