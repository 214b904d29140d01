import { z } from "zod";

/**
 * Step records, one JSON object a line (`crq-step/1`): what a build ran, so that each call can be run again from its inputs alone. Pure.
 *
 * Paths: one below a root is written `@ROOT@/REST`, in every field. A path of the machine that lies below none of them stands in no
 * record, store paths aside. Relative paths of `args` are relative to `cwd`.
 */

/** Where a path of a record may lie. */
export const STEP_ROOTS = {
  source: "the project's files as they were before the build; read-only where a step is run again",
  build: "what the build writes; a file written among the sources lies here too, under its path",
  crates: "sources of crates from elsewhere, as cargo unpacked them",
  toolchain: "the compiler's own files",
} as const;

/** Stands for a path of the machine that lies below no root, with its base name behind it: such a step cannot run elsewhere. */
export const MACHINE_ROOT = "@machine@";

/** What a step is, by what it runs. */
export const STEP_TYPES = [
  "rust_compiler_invocation",
  "c_compiler_invocation",
  "archiver_invocation",
  "linker_invocation",
  "build_script_run",
  "program_run",
] as const;
export type StepType = (typeof STEP_TYPES)[number];

const current = z.looseObject({
  schema: z.literal("crq-step/1"),
  seq: z.number().int().nonnegative().describe("The order in which the steps began, from 1."),
  id: z.string().min(1).describe("`step-0001-rustc-core`: the number, the tool, and what is made."),
  type: z
    .string()
    .min(1)
    .describe(`What it is: ${STEP_TYPES.join(", ")}.`),
  command: z
    .string()
    .min(1)
    .describe("The program: its name alone where it is a tool of the machine, `@build@/…` where the build itself made it."),
  tool: z.string().min(1).describe("The base name of `command`."),
  toolVersion: z.string().exactOptional().describe("What the tool says of itself, its first line."),
  args: z.array(z.string()).describe("Relative paths are relative to `cwd`."),
  env: z.record(z.string(), z.string()).describe("Variables of an allow-list alone; values that look like secrets are left out."),
  cwd: z.string(),
  stdin: z.string().exactOptional().describe("The file its standard input came from, which stands in `inputs` too."),
  stdout: z.string().exactOptional().describe("The file its standard output went to, which stands in `outputs` too."),
  inputs: z
    .array(z.looseObject({ path: z.string(), sha256: z.string() }))
    .describe("Files it read, with the hash they had then; none of the toolchain and the system."),
  outputs: z.array(z.string()).describe("Files it wrote; none where it failed."),
  empty: z.array(z.string()).exactOptional().describe("Those of `outputs` that held nothing."),
  depends: z.array(z.string()).describe("Ids of the steps that wrote its inputs."),
  exit: z
    .number()
    .int()
    .nullable()
    .describe("null: it was described and not run. 128 and the signal's number where one ended it."),
});
export type Step = z.infer<typeof current>;

const older = z
  .looseObject({
    command: z.string().min(1),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    cwd: z.string(),
    type: z.string().min(1),
  })
  .describe("The older form, which has no `schema`.");

/** Published as docs/reference/crq-step-1.schema.json: one line of a file of records. */
export const stepJsonSchema = (): object =>
  z.toJSONSchema(
    z.union([current, older]).describe("One line of a file of step records. @ROOT@ stands for a folder of the build."),
  );

export interface StepRecord {
  /** Names it in messages: `FILE:LINE`. */
  readonly place: string;
  /** `older`: it says nothing of inputs, outputs and what it depends on, and was described, not run. */
  readonly form: "current" | "older";
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly command: string;
  readonly tool: string;
  readonly toolVersion?: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdin?: string;
  readonly stdout?: string;
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  readonly outputs: readonly string[];
  /** Those of `outputs` that held nothing. */
  readonly empty?: readonly string[];
  readonly depends: readonly string[];
  readonly exit: number | null;
}

export interface ParsedRecords {
  readonly records: readonly StepRecord[];
  readonly problems: readonly string[];
}

/** The records of one file. */
export function parseRecords(path: string, text: string): ParsedRecords {
  const records: StepRecord[] = [];
  const problems: string[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `${path}:${at + 1}`;
    const parsed = parseRecord(place, at + 1, line);
    if ("problem" in parsed) problems.push(`${place}: ${parsed.problem}`);
    else records.push(parsed);
  }
  return { records, problems };
}

function parseRecord(place: string, number: number, line: string): StepRecord | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return { problem: `no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const isOlder = typeof json === "object" && json !== null && !Object.hasOwn(json, "schema");
  if (isOlder) {
    const record = older.safeParse(json);
    if (!record.success) return { problem: first(record.error) };
    const { command, args, env, cwd, type } = record.data;
    const rest = { inputs: [], outputs: [], depends: [], exit: null };
    return { place, form: "older", seq: number, id: place, type, command, tool: baseName(command), args, env, cwd, ...rest };
  }
  const record = current.safeParse(json);
  if (!record.success) return { problem: first(record.error) };
  const { schema: _, ...step } = record.data;
  const base = baseName(step.command);
  return step.tool === base
    ? { place, form: "current", ...step }
    : { problem: `tool is "${step.tool}", but the base name of its command is "${base}"` };
}

const baseName = (command: string): string => command.split("/").at(-1) ?? command;

const first = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return `${issue?.path.join(".") ?? ""} ${issue?.message ?? "does not fit the schema"}`.trim();
};
