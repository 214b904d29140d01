import { z } from "zod";

/** One recorded log: what was planted, and how it was run. */
const entrySchema = z.strictObject({
  file: z.string(),
  /** The class that was planted (`kind` of a diagnosis). */
  label: z.string(),
  /** Row of the field notes' table; 0: a class that the table has not. */
  row: z.number(),
  planter: z.string(),
  nix: z.string(),
  format: z.enum(["internal-json", "plain", "build-logs", "terminal"]),
  builder: z.string(),
  seed: z.string(),
  /** Crates of the repository. */
  ownNames: z.array(z.string()),
});

export type CorpusEntry = z.infer<typeof entrySchema>;
export const manifestSchema = z.array(entrySchema);
