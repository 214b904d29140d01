import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { z } from "zod";
import { errorCode } from "../../../system/error.ts";
import { trialRowSchema } from "../../results/trial-row.ts";
import type { GradingPlace } from "../place.ts";
import type { GateResults } from "./gate.ts";

/**
 * Verdicts of the gates that look at a patch alone: equal patches on equal tasks in equal surroundings are not built twice. What a trial said
 * and did besides (its claim, its tool calls) is judged each time.
 */

const keptSchema = z.strictObject({
  schema: z.literal("crq-verdicts/1"),
  key: z.string(),
  gates: trialRowSchema.shape.gates,
  quality: z.number().exactOptional(),
});

/** What gates say of a patch, and how good it is besides. */
export interface PatchVerdicts {
  readonly gates: GateResults;
  readonly quality?: number;
}

/** sha256 (hex) of what the verdicts depend on; undefined where the world is not a fixed one. */
export function verdictsKey(
  patch: string,
  { task, worldHash, environment }: Pick<GradingPlace, "task" | "worldHash" | "environment">,
  gateVersion: number,
): string | undefined {
  if (worldHash === undefined) return undefined;
  // The label tells the toolchain too: what a world builds depends on it.
  const { label, nixVersion = null } = environment;
  const text = canonicalize({ patch, task: task.hash, world: worldHash, label, nix: nixVersion, gateVersion });
  if (text === undefined) throw new TypeError("an identity is always JSON");
  return createHash("sha256").update(text).digest("hex");
}

/** Kept verdicts without their logs, which lie with the trial that was graded first; undefined where there are none, or damaged ones. */
export async function readVerdicts(folder: string, key: string): Promise<PatchVerdicts | undefined> {
  const text = await readFile(join(folder, `${key}.json`), "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const kept = keptSchema.parse(JSON.parse(text));
    const { gates, quality } = kept;
    return kept.key === key ? { gates, ...(quality !== undefined && { quality }) } : undefined;
  } catch {
    return undefined;
  }
}

export async function keepVerdicts(folder: string, key: string, { gates, quality }: PatchVerdicts): Promise<void> {
  const withoutLogs = Object.fromEntries(Object.entries(gates).map(([name, { log: _, ...result }]) => [name, result]));
  await mkdir(folder, { recursive: true });
  // Two trials of one process may grade the same patch at the same time.
  const temporary = join(folder, `${key}.${randomUUID()}.part`);
  await writeFile(temporary, `${JSON.stringify({ schema: "crq-verdicts/1", key, gates: withoutLogs, quality })}\n`);
  await rename(temporary, join(folder, `${key}.json`));
}
