import { z } from "zod";
import { CHECK_KINDS, TIERS } from "../../checks.ts";
import { REASON_CODES } from "../check/result.ts";

/** `crq-report/1`: the evidence of one run of the acceptance (crq-format §8). */

export const REPORT_SCHEMA = "crq-report/1";

const checkVerdict = z.enum(["pass", "fail", "vacuous", "unavailable", "skipped", "manual"]);
const verdict = z.enum(["pass", "fail", "vacuous", "unavailable", "skipped", "waived", "manual"]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

const position = z.strictObject({
  file: z.string().describe("Relative to the repository where it lies in it."),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
});

const diagnosis = z.strictObject({
  kind: z.string(),
  message: z.string(),
  fingerprint: z.string(),
  position: position.nullable(),
});

const checkEvidence = z
  .strictObject({
    index: count.describe("Position in the criterion's block, from 0."),
    kind: z.enum(CHECK_KINDS),
    params: z.record(z.string(), z.unknown()).describe("As approved, variables not filled in."),
    argv: z.array(z.string()).exactOptional(),
    exit: z.number().int().exactOptional(),
    durationMs: count,
    counts: z
      .strictObject({ candidates: count, checked: count })
      .describe("What the check could look at and what it did look at; checked = 0 is never a pass."),
    verdict: checkVerdict,
    tier: z.enum(TIERS).describe("How far the check came."),
    code: z.enum(REASON_CODES),
    reason: z.string(),
    warnings: z.array(z.string()),
    diagnoses: z
      .array(diagnosis)
      .describe("What Nix and the builders said, root cause first; fingerprints are stable across reruns."),
    outputs: z
      .array(
        z.strictObject({
          name: z.string(),
          path: z.string(),
          narSha256: sha256.nullable().describe("Of the path's NAR; null: it was not asked for."),
        }),
      )
      .exactOptional()
      .describe("What the check built."),
    log: z
      .strictObject({ path: z.string(), sha256, bytes: count.describe("Of the whole log, before it was cut.") })
      .describe("Beside the report in its own folder; a report in a repository comes without its logs."),
  })
  .describe("One check.");

const criterionEvidence = z.strictObject({
  id: z.string(),
  line: z.number().int().positive().describe("Of the criterion in the CRQ's file."),
  textHash: sha256.describe("Of the criterion's prose and checks."),
  text: z.string(),
  verdict,
  tier: z.enum(TIERS).describe("The highest tier that one of its checks reached."),
  reason: z.string(),
  baseline: z.strictObject({ verdict: checkVerdict, reason: z.string() }).nullable().describe("null: no baseline was taken."),
  steps: z.array(z.number().int().positive()).describe("Steps of the plan that name the criterion."),
  changedFiles: z
    .array(z.string())
    .describe(
      "Paths that differ from the base and that the criterion's checks, text or steps name, or that a commit made for it alone changed.",
    ),
  commits: z
    .array(z.string())
    .describe(
      "Commits after the base whose trailers name the CRQ and the criterion; never the one that brings the report itself.",
    ),
  checks: z.array(checkEvidence),
});

const gateRule = z.enum([
  "criterion",
  "no-criteria",
  "nothing-red-at-base",
  "no-baseline",
  "baseline-incomplete",
  "canary-accepted",
  "weakening",
  "tampering",
]);
export type GateRule = z.infer<typeof gateRule>;

const gateFailure = z.strictObject({ rule: gateRule, detail: z.string(), ac: z.string().exactOptional() });
export type GateFailure = z.infer<typeof gateFailure>;

const weakening = z.strictObject({
  pattern: z.string().describe("Name of the pattern, for instance `doCheck = false`; a waiver names it."),
  file: z.string(),
  line: z.number().int().positive(),
  what: z.string().describe("Name of the test, check, step or attribute it is about.").exactOptional(),
  ac: z
    .string()
    .describe("A criterion it takes from; one entry for each. Absent: the gate alone answers for it.")
    .exactOptional(),
  waived: z.boolean(),
});
export type WeakeningEvidence = z.infer<typeof weakening>;

const canaryEvidence = z.strictObject({ kind: z.enum(CHECK_KINDS), verdict: checkVerdict, accepted: z.boolean() });
export type CanaryEvidence = z.infer<typeof canaryEvidence>;

export const subjectSchema = z.strictObject({
  repo: z.string(),
  base: z.string(),
  commit: z
    .string()
    .nullable()
    .describe(
      "The commit whose files these are; null where they are in no commit yet, as at a hand-over, or in no git repository.",
    ),
  tree: z.string().describe("Git tree of the tracked files as they are, without the CRQ directory."),
  dirty: z.boolean().describe("Whether changes of tracked files that no commit holds yet were judged with it."),
  untracked: z.array(z.string()).describe("Files and folders of the checkout that git does not know of; nothing looked at them."),
  lockSha256: sha256.nullable(),
});
export type Subject = z.infer<typeof subjectSchema>;

export const environmentSchema = z.strictObject({
  crqAgent: z.string(),
  nix: z.string().nullable().describe("null: there was no Nix."),
  world: z.string().describe("`live`, or name and hashes of the offline world."),
  system: z.string(),
  network: z.boolean().describe("Whether Nix could reach the network; built programs never can."),
  unsafeLocal: z.boolean().describe("true: built programs may have run without confinement."),
});
export type ReportEnvironment = z.infer<typeof environmentSchema>;

export const reportSchema = z
  .strictObject({
    schema: z.literal(REPORT_SCHEMA),
    crq: z.strictObject({ id: z.string(), title: z.string(), path: z.string(), hash: z.string().nullable() }),
    subject: subjectSchema,
    env: environmentSchema,
    canaries: z.array(canaryEvidence),
    criteria: z.array(criterionEvidence),
    weakenings: z.array(weakening),
    unrequested: z.array(z.string()).describe("Changed paths that no step, criterion or scope explains."),
    totals: z.strictObject({
      pass: count,
      fail: count,
      vacuous: count,
      unavailable: count,
      skipped: count,
      waived: count,
      manual: count,
      criteria: count,
    }),
    cost: z.strictObject({ durationMs: count, nixProcesses: count }),
    gate: z.strictObject({ ok: z.boolean(), failures: z.array(gateFailure) }),
  })
  .describe("Evidence of one run of a CRQ's acceptance criteria.");

export type CrqReport = z.infer<typeof reportSchema>;
export type CriterionEvidence = z.infer<typeof criterionEvidence>;
export type CheckEvidence = z.infer<typeof checkEvidence>;

/** The JSON Schema of a report, draft 2020-12; published as docs/reference/crq-report-1.schema.json. */
export function reportJsonSchema(): Record<string, unknown> {
  return { $id: "crq-report-1.schema.json", title: "crq-report/1", ...z.toJSONSchema(reportSchema) };
}
