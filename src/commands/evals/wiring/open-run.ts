import type { TrialRow } from "../../../evals/results/trial-row.ts";
import { readRows } from "../../../evals/run/folder/read-rows.ts";
import { readManifest } from "../../../evals/run/folder/run-folder.ts";
import type { Manifest } from "../../../evals/run/manifest.ts";
import { CommandError } from "../../wiring/context.ts";

export interface OpenRun {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly rows: readonly TrialRow[];
}

/**
 * A run with its rows, for what judges by them.
 * @throws CommandError (exit 6) where stored results or evidence were altered
 */
export async function openRun(folder: string): Promise<OpenRun> {
  const manifest = await readManifest(folder);
  const { rows, damaged } = await readRows(folder, manifest);
  if (damaged.length > 0) throw new CommandError("altered", damaged.map((one) => `altered: ${one}`).join("\n"), damaged);
  return { folder, manifest, rows };
}
