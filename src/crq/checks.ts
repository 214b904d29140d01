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
  equals: z.string().exactOptional().describe("the whole text, but for one line break at the end"),
  contains: z.string().exactOptional(),
  regex: pattern.exactOptional().describe("JavaScript, flags mu"),
});
export type TextExpectation = z.infer<typeof text>;

const argv = z.array(z.string()).min(1);

const common = {
  timeout: z.number().int().positive().max(86_400).default(600).describe("seconds"),
  systems: z.array(z.string()).exactOptional().describe("systems it speaks of; what cannot be tried here is unavailable"),
  network: z.boolean().default(false).describe("needs a network; unavailable where there is none"),
  regression: z.boolean().default(false).describe("must stay true: may hold before the change"),
  suggested: z.boolean().default(false).describe("made by an import; not run until a person removes it"),
};

const expectations = {
  exit: z.number().int().min(0).max(255).default(0).describe("exit code"),
  stdout: text.exactOptional(),
  stderr: text.exactOptional(),
  files: z.array(inside).exactOptional().describe("non-empty files it leaves"),
};

export const checkSchemas = {
  "nix-parse": z.strictObject({
    kind: z.literal("nix-parse"),
    ...common,
    files: z.array(inside).min(1).describe("globs of tracked files"),
  }),
  "nix-eval": z.strictObject({
    kind: z.literal("nix-eval"),
    ...common,
    attr: z.string().exactOptional().describe("full attribute path; this or expr"),
    expr: z.string().exactOptional().describe("function of the flake's outputs; `${system}` in it is filled in"),
    equals: z.unknown().optional(),
    type: z.enum(["string", "int", "float", "bool", "null", "list", "set", "derivation"]).exactOptional(),
    regex: pattern.exactOptional().describe("a list or set is matched as its JSON"),
    pointer: z.string().exactOptional().describe("JSON pointer into the value"),
  }),
  "flake-outputs": z.strictObject({
    kind: z.literal("flake-outputs"),
    ...common,
    require: z.array(z.string()).default([]).describe("full attribute paths"),
    forbid: z.array(z.string()).default([]).describe("full attribute paths"),
  }),
  "flake-inputs": z.strictObject({
    kind: z.literal("flake-inputs"),
    ...common,
    files: z.array(inside).default(["flake.nix"]).describe("flakes whose inputs are judged; globs"),
    scope: z
      .array(z.enum(["flake.nix", "lock"]))
      .default(["flake.nix", "lock"])
      .describe("declared inputs, lock nodes"),
    "min-inputs": z.number().int().positive().default(1).describe("fewer prove nothing"),
  }),
  lock: z.strictObject({
    kind: z.literal("lock"),
    ...common,
    fresh: z.boolean().default(true).describe("Nix accepts it as it is"),
    require: z.array(z.string()).default([]).describe("names of inputs"),
    "max-age-days": z.number().positive().exactOptional().describe("of each direct input"),
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
    rebuild: z.boolean().default(false).describe("a second build must be identical"),
  }),
  "dev-shell": z.strictObject({
    kind: z.literal("dev-shell"),
    ...common,
    shell: z.string().default("default").describe("name below devShells.SYSTEM"),
    run: z.strictObject({ argv, ...expectations }).describe("runs without the caller's environment"),
  }),
  run: z.strictObject({
    kind: z.literal("run"),
    ...common,
    // Built programs answer at once or hang: a shorter limit than for builds.
    timeout: z.number().int().positive().max(86_400).default(20).describe("seconds"),
    argv,
    stdin: z.string().exactOptional(),
    env: z.record(z.string(), z.string()).exactOptional().describe("added to a bare environment"),
    cwd: inside.exactOptional().describe("in a private copy of the target; absent: an empty folder"),
    ...expectations,
  }),
  file: z.strictObject({
    kind: z.literal("file"),
    ...common,
    path: inside,
    absent: z.boolean().default(false).describe("nothing is there, no link either"),
    regex: pattern.exactOptional(),
    "not-regex": pattern.exactOptional().describe("matches nowhere in it"),
    pointer: z.string().exactOptional().describe("JSON pointer into TOML or JSON"),
    equals: z.unknown().optional().describe("the value at pointer, else the whole text"),
    sha256: z.string().exactOptional().describe("64 hex digits"),
  }),
  doc: z.strictObject({
    kind: z.literal("doc"),
    ...common,
    files: z.array(inside).min(1).describe("Markdown; globs"),
    headings: z.array(z.string()).default([]).describe("texts of headings"),
    mentions: z.array(z.string()).default([]).describe("literal texts"),
    "run-fences": z.boolean().default(false).describe("commands of sh fences marked run succeed"),
  }),
  "git-scope": z.strictObject({
    kind: z.literal("git-scope"),
    ...common,
    allow: z.array(inside).min(1).describe("globs"),
    deny: z.array(inside).default([]).describe("globs; wins over allow"),
    tracked: z.boolean().default(true).describe("git knows the files a flake reads"),
  }),
  steps: z.strictObject({
    kind: z.literal("steps"),
    ...common,
    mode: z.enum(["records", "lattice"]),
    dir: inside.describe("folder of records, or of lattice.toml"),
    min: z.number().int().min(2).default(2).describe("fewer prove nothing"),
    flakes: inside.exactOptional().describe("glob; default DIR/**/flake.nix"),
    "node-files": z.array(z.string()).exactOptional().describe("lattice: files of each node"),
    build: z.boolean().default(false).describe("each default package builds"),
  }),
  command: z.strictObject({
    kind: z.literal("command"),
    ...common,
    argv: argv.exactOptional(),
    script: z
      .string()
      .exactOptional()
      .describe(
        "run by bash -euo pipefail in a private copy of the target, with the programs of devShells.default alone (Nix does not run there); this or argv",
      ),
    why: z.string().min(1).describe("why no typed kind fits"),
    stdin: z.string().exactOptional(),
    ...expectations,
  }),
  manual: z.strictObject({
    kind: z.literal("manual"),
    ...common,
    ask: z.string().min(1).describe("the question"),
    who: z.string().min(1),
  }),
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

/** Whether `${out:AC-n.k}` may stand for what a check builds: a `nix-build`, or `steps` that builds its flakes (the one that joins them). */
export const buildsOutput = (check: Check): boolean => check.kind === "nix-build" || (check.kind === "steps" && check.build);
