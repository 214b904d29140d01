import { z } from "zod";

/**
 * The closed set of check kinds (docs/reference/check-kinds.md): parameters only. What a kind does lives in criteria/kinds; the schemas live
 * here because the linter must judge a block without running it. Keys are kebab-case as in the TOML.
 */

export const TIERS = ["text", "parse", "eval", "build", "run"] as const;
export type Tier = (typeof TIERS)[number];

const pattern = z.string().refine(compiles, { message: "not a valid JavaScript regular expression (flags mu)" });
function compiles(source: string): boolean {
  try {
    new RegExp(source, "mu");
    return true;
  } catch {
    return false;
  }
}

/** A path or glob inside the target. */
const inside = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith("/") && !path.startsWith("~") && !path.split("/").includes(".."), {
    message: "must stay inside the target",
  });

const text = z.strictObject({
  equals: z.string().exactOptional(),
  contains: z.string().exactOptional(),
  regex: pattern.exactOptional(),
});
export type TextExpectation = z.infer<typeof text>;

const argv = z.array(z.string()).min(1);

const common = {
  /** Seconds. */
  timeout: z.number().int().positive().max(86_400).default(600),
  systems: z.array(z.string()).exactOptional(),
  network: z.boolean().default(false),
  /** Must stay true; allowed to pass at base. */
  regression: z.boolean().default(false),
  /** Import only: not executed until a person removes the mark. */
  suggested: z.boolean().default(false),
};

const expectations = {
  exit: z.number().int().min(0).max(255).default(0),
  stdout: text.exactOptional(),
  stderr: text.exactOptional(),
  files: z.array(inside).exactOptional(),
};

export const checkSchemas = {
  "nix-parse": z.strictObject({ kind: z.literal("nix-parse"), ...common, files: z.array(inside).min(1) }),
  "nix-eval": z.strictObject({
    kind: z.literal("nix-eval"),
    ...common,
    attr: z.string().exactOptional(),
    expr: z.string().exactOptional(),
    equals: z.unknown().optional(),
    type: z.enum(["string", "int", "float", "bool", "null", "list", "set", "derivation"]).exactOptional(),
    regex: pattern.exactOptional(),
    pointer: z.string().exactOptional(),
  }),
  "flake-outputs": z.strictObject({
    kind: z.literal("flake-outputs"),
    ...common,
    require: z.array(z.string()).default([]).describe("full attribute paths"),
    forbid: z.array(z.string()).default([]),
  }),
  "flake-inputs": z.strictObject({
    kind: z.literal("flake-inputs"),
    ...common,
    files: z.array(inside).default(["flake.nix"]),
    scope: z.array(z.enum(["flake.nix", "lock"])).default(["flake.nix", "lock"]),
    "min-inputs": z.number().int().positive().default(1),
  }),
  lock: z.strictObject({
    kind: z.literal("lock"),
    ...common,
    fresh: z.boolean().default(true),
    require: z.array(z.string()).default([]).describe("names of inputs"),
    "max-age-days": z.number().positive().exactOptional(),
  }),
  "flake-check": z.strictObject({
    kind: z.literal("flake-check"),
    ...common,
    require: z.array(z.string()).default([]).describe("names of checks, without `checks.` and system"),
  }),
  "nix-build": z.strictObject({
    kind: z.literal("nix-build"),
    ...common,
    attr: z.string().min(1).describe("full attribute path"),
    files: z.array(inside).default([]).describe("non-empty files of the output, such as bin/x"),
    rebuild: z.boolean().default(false),
  }),
  "dev-shell": z.strictObject({
    kind: z.literal("dev-shell"),
    ...common,
    shell: z.string().default("default"),
    run: z.strictObject({ argv, ...expectations }),
  }),
  run: z.strictObject({
    kind: z.literal("run"),
    ...common,
    /** Seconds. Built programs answer at once or hang: a shorter limit than for builds. */
    timeout: z.number().int().positive().max(86_400).default(20),
    argv,
    stdin: z.string().exactOptional(),
    env: z.record(z.string(), z.string()).exactOptional(),
    cwd: inside.exactOptional(),
    ...expectations,
  }),
  file: z.strictObject({
    kind: z.literal("file"),
    ...common,
    path: inside,
    absent: z.boolean().default(false),
    regex: pattern.exactOptional(),
    pointer: z.string().exactOptional(),
    equals: z.unknown().optional(),
    sha256: z.string().exactOptional(),
  }),
  doc: z.strictObject({
    kind: z.literal("doc"),
    ...common,
    files: z.array(inside).min(1),
    headings: z.array(z.string()).default([]).describe("texts of headings"),
    mentions: z.array(z.string()).default([]).describe("literal texts"),
    "run-fences": z.boolean().default(false),
  }),
  "git-scope": z.strictObject({
    kind: z.literal("git-scope"),
    ...common,
    allow: z.array(inside).min(1),
    deny: z.array(inside).default([]),
    tracked: z.boolean().default(true),
  }),
  steps: z.strictObject({
    kind: z.literal("steps"),
    ...common,
    mode: z.enum(["records", "lattice"]),
    dir: inside,
    min: z.number().int().min(2).default(2),
    flakes: inside.exactOptional(),
    "node-files": z.array(z.string()).exactOptional(),
    build: z.boolean().default(false),
  }),
  command: z.strictObject({
    kind: z.literal("command"),
    ...common,
    argv: argv.exactOptional(),
    script: z.string().exactOptional(),
    why: z.string().min(1),
    stdin: z.string().exactOptional(),
    ...expectations,
  }),
  manual: z.strictObject({ kind: z.literal("manual"), ...common, ask: z.string().min(1), who: z.string().min(1) }),
} as const;

export type CheckKind = keyof typeof checkSchemas;
export const CHECK_KINDS = Object.keys(checkSchemas) as readonly CheckKind[];

export const checkSchema = z.discriminatedUnion("kind", [
  checkSchemas["nix-parse"],
  checkSchemas["nix-eval"],
  checkSchemas["flake-outputs"],
  checkSchemas["flake-inputs"],
  checkSchemas.lock,
  checkSchemas["flake-check"],
  checkSchemas["nix-build"],
  checkSchemas["dev-shell"],
  checkSchemas.run,
  checkSchemas.file,
  checkSchemas.doc,
  checkSchemas["git-scope"],
  checkSchemas.steps,
  checkSchemas.command,
  checkSchemas.manual,
]);

export type Check = z.infer<typeof checkSchema>;
export type CheckOf<Kind extends CheckKind> = Extract<Check, { kind: Kind }>;
