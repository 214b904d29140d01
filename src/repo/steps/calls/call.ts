import { z } from "zod";
import { STEP_TYPES } from "../records.ts";

/** One call of a tool as its wrapper saw it, with the machine's own paths: lies in the recording's private folder until the build has ended. */

const file = z.strictObject({ path: z.string(), sha256: z.string(), empty: z.boolean().exactOptional() });

export const callSchema = z.strictObject({
  type: z.enum(STEP_TYPES),
  /** Milliseconds since 1970, with fractions. */
  started: z.number(),
  ended: z.number(),
  /** As it was called: a name, or the path of a program that lies in the build. */
  command: z.string(),
  /** The file that was started. */
  real: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  withheld: z.array(z.string()),
  cwd: z.string(),
  stdin: z.string().exactOptional(),
  stdout: z.string().exactOptional(),
  inputs: z.array(file),
  outputs: z.array(file),
  /** What it makes, for its id: a crate, a file. */
  makes: z.string(),
  /** Libraries named by `--extern`, and whether it links (else their metadata suffice). */
  rust: z.strictObject({ externs: z.array(z.string()), links: z.boolean(), macro: z.boolean() }).exactOptional(),
  exit: z.number().int(),
});

export type Call = z.infer<typeof callSchema>;
export type CallFile = z.infer<typeof file>;
