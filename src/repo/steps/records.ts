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

/** What a step is, by what it runs. */
export const STEP_TYPES = [
  "rust_compiler_invocation",
  "c_compiler_invocation",
  "archiver_invocation",
  "build_script_run",
  "program_run",
] as const;

const current = z.looseObject({
  schema: z.literal("crq-step/1"),
  /** The order in which the steps began, from 1. */
  seq: z.number().int().nonnegative(),
  /** `step-0001-rustc-core`: the number, the tool, and what is made. */
  id: z.string().min(1),
  type: z.string().min(1),
  /** The program: its name alone where it is a tool of the machine, `@build@/…` where the build itself made it. */
  command: z.string().min(1),
  /** The base name of `command`. */
  tool: z.string().min(1),
  /** What the tool says of itself, its first line. */
  toolVersion: z.string().exactOptional(),
  args: z.array(z.string()),
  /** Variables of an allow-list alone. */
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  /** Files it read, with the hash they had then. */
  inputs: z.array(z.looseObject({ path: z.string(), sha256: z.string() })),
  /** Files it wrote. */
  outputs: z.array(z.string()),
  /** Ids of the steps that wrote its inputs. */
  depends: z.array(z.string()),
  /** null: it was described and not run. */
  exit: z.number().int().nullable(),
});

/** Records without `schema` are of the older form. */
const older = z.looseObject({
  command: z.string().min(1),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  type: z.string().min(1),
});

export interface StepRecord {
  /** Names it in messages: `FILE:LINE`. */
  readonly place: string;
  readonly id: string;
  readonly depends: readonly string[];
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
    const parsed = parseRecord(place, line);
    if ("problem" in parsed) problems.push(`${place}: ${parsed.problem}`);
    else records.push(parsed);
  }
  return { records, problems };
}

function parseRecord(place: string, line: string): StepRecord | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return { problem: `no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const isOlder = typeof json === "object" && json !== null && !("schema" in json);
  if (isOlder) {
    const record = older.safeParse(json);
    return record.success ? { place, id: place, depends: [] } : { problem: first(record.error) };
  }
  const record = current.safeParse(json);
  if (!record.success) return { problem: first(record.error) };
  const { id, depends, tool, command } = record.data;
  const base = command.split("/").at(-1) ?? command;
  return tool === base ? { place, id, depends } : { problem: `tool is "${tool}", but the base name of its command is "${base}"` };
}

const first = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return `${issue?.path.join(".") ?? ""} ${issue?.message ?? "does not fit the schema"}`.trim();
};
