import { z } from "zod";

const findingSchema = z.strictObject({
  what: z.string().describe("`Nix`, `git`, `OPENAI_API_KEY` …"),
  state: z.enum(["ok", "warning", "missing"]).describe("missing: draft, apply or verify cannot do their work."),
  ok: z.boolean().describe("Whether it is not missing."),
  detail: z.string().describe("What was found. Of a key only whether it is there."),
  mend: z.string().nullable().describe("The one command or change that mends it; null: nothing to mend."),
});

export type Finding = z.infer<typeof findingSchema>;

/** `data` of `crq-agent doctor --json`. */
export const doctorSchema = z
  .object({
    findings: z.array(findingSchema),
    canaries: z
      .array(z.looseObject({ kind: z.string(), verdict: z.string(), accepted: z.boolean(), reason: z.string() }))
      .optional()
      .describe("Only with --canaries: each kind of check on a bad example."),
  })
  .describe("What this machine can do for crq-agent.");

export const doctorJsonSchema = (): unknown => z.toJSONSchema(doctorSchema);

export const fine = (what: string, detail: string): Finding => ({ what, state: "ok", ok: true, detail, mend: null });
export const warning = (what: string, detail: string, mend: string): Finding => ({
  what,
  state: "warning",
  ok: true,
  detail,
  mend,
});
export const missing = (what: string, detail: string, mend: string | null): Finding => ({
  what,
  state: "missing",
  ok: false,
  detail,
  mend,
});
