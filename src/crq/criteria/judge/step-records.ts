import { z } from "zod";

/** Step records, one JSON object a line (`crq-step/1`). Pure. */

const current = z.looseObject({
  schema: z.literal("crq-step/1"),
  seq: z.number().int().nonnegative(),
  id: z.string().min(1),
  type: z.string().min(1),
  command: z.string().min(1),
  tool: z.string().min(1),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  inputs: z.array(z.looseObject({ path: z.string(), sha256: z.string() })),
  outputs: z.array(z.string()),
  depends: z.array(z.string()),
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

/** What is wrong with the graph: ids used twice, edges to nothing, a cycle (named by one way round it). */
export function graphProblems(nodes: readonly { readonly id: string; readonly depends: readonly string[] }[]): readonly string[] {
  const problems: string[] = [];
  const byId = new Map<string, readonly string[]>();
  for (const { id, depends } of nodes) {
    if (byId.has(id)) problems.push(`"${id}" is used twice`);
    byId.set(id, depends);
  }
  for (const { id, depends } of nodes) {
    for (const other of depends) if (!byId.has(other)) problems.push(`"${id}" depends on "${other}", which does not exist`);
  }
  const cycle = findCycle(byId);
  if (cycle) problems.push(`circular: ${cycle.join(" -> ")}`);
  return problems;
}

/** Depth-first search without recursion: a chain may be long. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const path: { readonly id: string; readonly rest: string[] }[] = [{ id: start, rest: [...(edges.get(start) ?? [])] }];
    const onPath = new Set([start]);
    while (path.length > 0) {
      const here = path.at(-1);
      const next = here?.rest.pop();
      if (!here) break;
      if (next === undefined) {
        path.pop();
        onPath.delete(here.id);
        done.add(here.id);
      } else if (onPath.has(next)) {
        const ids = path.map((step) => step.id);
        return [...ids.slice(ids.indexOf(next)), next];
      } else if (!done.has(next) && edges.has(next)) {
        path.push({ id: next, rest: [...(edges.get(next) ?? [])] });
        onPath.add(next);
      }
    }
  }
  return undefined;
}
