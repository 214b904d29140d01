import { z } from "zod";

/** The rule of a project about where its flake's inputs may come from (crq-agent.toml, `[policy.inputs]`), and the judgement by it. */

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text, "mu");
    return true;
  } catch {
    return false;
  }
};

const day = z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))]);

export const inputPolicySchema = z.strictObject({
  org: z.string().min(1),
  /** JavaScript regular expression, flags `mu`. */
  ref: z.string().min(1).refine(isPattern, "is no regular expression"),
  /** Local paths: refused, unless one node of a lattice.toml takes another node of the same lattice in the same repository. */
  local: z.literal("lattice").exactOptional(),
  /** Lock nodes that are not direct inputs. */
  transitive: z.enum(["error", "warn", "ignore"]).default("warn"),
  /** Upstream `OWNER/REPO` to the branch that the org's fork is known to have. */
  forks: z.record(z.string(), z.string()).default({}),
  exception: z
    .array(
      z.strictObject({
        url: z.string().min(1),
        reason: z.string().min(1),
        input: z.string().exactOptional(),
        until: day.exactOptional(),
      }),
    )
    .default([]),
});

export type InputPolicy = z.infer<typeof inputPolicySchema>;

export interface InputFinding {
  readonly severity: "error" | "warning";
  readonly rule:
    | "undeclared"
    | "follows-missing"
    | "override-missing"
    | "not-a-reference"
    | "local"
    | "other-host"
    | "other-owner"
    | "no-ref"
    | "other-ref"
    | "lock-missing"
    | "lock-differs"
    | "lock-owner"
    | "transitive";
  /** `naersk`, or `naersk/nixpkgs` for an override of an input's input. */
  readonly input: string;
  readonly url?: string;
  readonly message: string;
  readonly next: string;
  readonly position?: { readonly line: number; readonly column: number };
}
