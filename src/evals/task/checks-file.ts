import { z } from "zod";

/** checks.toml: what the host asks of a result. Hidden from the agent. Strict. */

const inside = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith("/") && !path.split("/").includes(".."), "expected a path inside checks/");

const expectedText = z
  .union([
    z.strictObject({ equals: z.string() }),
    z.strictObject({ contains: z.string().min(1, "the empty string is in every output") }),
    z.strictObject({
      regex: z.string().refine((source) => !matchesNothing(source), "is no regular expression, or the empty string meets it"),
    }),
    z.strictObject({ file: inside }),
  ])
  .describe("equals, contains, regex or file");

function matchesNothing(source: string): boolean {
  try {
    return new RegExp(source, "u").test("");
  } catch {
    return true;
  }
}

const caseSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected a-z, 0-9 and -"),
    /** golden: an input that a text of the task shows; shadow: one that none shows. */
    set: z.enum(["golden", "shadow"]),
    /** The first word begins with `${out:N}`, the N-th of `build.attrs`. */
    argv: z.array(z.string()).min(1),
    stdin: inside.exactOptional(),
    /** Files put into the working directory: name there to file of checks/. */
    files: z.record(z.string(), inside).default({}),
    exit: z.int().min(0).max(255).default(0),
    stdout: expectedText.exactOptional(),
    stderr: expectedText.exactOptional(),
    /** Literal words of the statement that ask for this … */
    says: z.string().min(1).exactOptional(),
    /** … or why it follows without being said. */
    derived: z.string().min(1).exactOptional(),
  })
  .refine((one) => (one.says === undefined) !== (one.derived === undefined), "needs either `says` or `derived`")
  .refine(
    (one) => one.stdout !== undefined || one.stderr !== undefined || one.exit !== 0,
    "expects nothing that doing nothing would not give",
  );

const mutationSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected a-z, 0-9 and -"),
    /** Changes the fixture's sources: outputs must follow, or a check must notice. */
    patch: inside,
    /** Case to the file with its output after the mutation. */
    expect: z.record(z.string(), inside).default({}),
    /** Attribute paths that must not build after it: tests that still test find the mistake that the patch makes. */
    fails: z.array(z.string().min(1)).default([]),
  })
  .refine(({ expect, fails }) => Object.keys(expect).length + fails.length > 0, "names neither a case nor what must fail");

const attributes = z.array(z.string().min(1)).default([]);

export const checksSchema = z
  .strictObject({
    schema: z.literal(1),
    /** Attribute paths; `${system}` stands for each system of the task. */
    outputs: z.strictObject({ require: attributes, forbid: attributes }).prefault({}),
    /** Names below `checks.${system}`. */
    checks: z.strictObject({ require: attributes }).prefault({}),
    build: z.strictObject({ attrs: attributes }).prefault({}),
    case: z.array(caseSchema).default([]),
    mutate: z.array(mutationSchema).default([]),
    /** True at the base commit and to stay true; run with the world's tools. */
    preserved: z
      .array(z.strictObject({ argv: z.array(z.string()).min(1), exit: z.int().min(0).max(255).default(0) }))
      .default([]),
    custom: z.array(inside).default([]),
    /** Tools that a development shell is good for offering; nothing is decided by it. */
    quality: z.strictObject({ tools: z.array(z.string().min(1)).default([]) }).prefault({}),
    /** Gate to the reason why it is not run for this task. */
    "gates-off": z.record(z.string(), z.string().min(1)).default({}),
    draft: z
      .strictObject({
        /** What is contradictory or unsaid and must be asked. */
        questions: z.array(z.string().min(1)).default([]),
        /** Share of the hacks and wrong overlays that the drafted checks must reject. */
        "min-kill": z.number().min(0).max(1).default(0.8),
        scope: z.array(z.string().min(1)).default([]),
      })
      .exactOptional(),
  })
  .superRefine((checks, context) => {
    const names = checks.case.map(({ name }) => name);
    for (const [at, name] of names.entries()) {
      if (names.indexOf(name) !== at)
        context.addIssue({ code: "custom", path: ["case", at, "name"], message: `"${name}" stands twice` });
    }
    for (const [at, { expect }] of checks.mutate.entries()) {
      for (const name of Object.keys(expect)) {
        if (!names.includes(name))
          context.addIssue({ code: "custom", path: ["mutate", at, "expect"], message: `there is no case "${name}"` });
      }
    }
  });

export type ChecksFile = Readonly<z.infer<typeof checksSchema>>;

/** hack.toml: the rule of the tamper rules, or the gate, that must catch this overlay. */
export const hackSchema = z.strictObject({ rule: z.string().min(1) });
