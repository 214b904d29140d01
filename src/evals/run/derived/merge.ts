import { cp, mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorCode } from "../../../system/error.ts";
import { replaceFile } from "../folder/durable.ts";
import { readRows } from "../folder/read-rows.ts";
import { RunError, readManifest, trialFolder, writeManifest } from "../folder/run-folder.ts";
import { readRow, rowText } from "../folder/trial-folder.ts";
import { differencesText, shardDifferences } from "../identity/differences.ts";
import type { Manifest } from "../manifest.ts";
import { plannedCounts } from "../plan/plan.ts";

/** A key that two runs have a result of. The earlier one counts. */
export interface TwoResults {
  readonly key: string;
  readonly kept: string;
  readonly setAside: string;
  /** The evidence differs, too: the trial did not do the same twice. */
  readonly different: boolean;
}

export interface Merged {
  readonly manifest: Manifest;
  readonly twice: readonly TwoResults[];
}

interface Part {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Joins the shards of one plan, or the runs of workers that each wrote their own, into a new run folder.
 * @throws RunError (2) for parts of unlike plans, (3) where a shard is missing, (6) where stored evidence was altered
 */
export async function mergeRuns(folders: readonly string[], out: string): Promise<Merged> {
  const parts: Part[] = [];
  for (const folder of folders) parts.push({ folder, manifest: await readManifest(folder) });
  const [first] = parts;
  if (!first) throw new RunError("missing-argument", "name the runs that are to be merged");
  for (const part of parts) refuseUnlike(first, part);
  refuseMissingShards(parts);
  for (const { folder, manifest } of parts) {
    const { damaged } = await readRows(folder, manifest);
    if (damaged.length > 0) throw new RunError("altered", damaged.map((one) => `altered: ${one}`).join("\n"));
  }
  await refuseUsed(out);
  const { shard: _, ...whole } = first.manifest;
  const manifest: Manifest = {
    ...whole,
    facts: { ...whole.facts, run: basename(out), planned: plannedCounts(whole.plan), watermarks: watermarksOf(parts) },
  };
  await writeManifest(out, manifest);
  const twice: TwoResults[] = [];
  for (const { key } of manifest.plan) twice.push(...(await joinTrial(parts, out, key)));
  return { manifest, twice };
}

function refuseUnlike(first: Part, part: Part): void {
  const differences = shardDifferences(first.manifest, part.manifest);
  if (differences.length > 0)
    throw new RunError(
      "runs-differ",
      `${first.folder} and ${part.folder} are no parts of one run:\n${differencesText(differences)}`,
    );
}

function refuseMissingShards(parts: readonly Part[]): void {
  const of = parts[0]?.manifest.shard?.of;
  if (of === undefined) return;
  const present = new Set(parts.map(({ manifest }) => manifest.shard?.index));
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !present.has(index));
  if (missing.length > 0)
    throw new RunError("shards-missing", `shards are missing: ${missing.map((index) => `${index}/${of}`).join(", ")}`);
}

async function refuseUsed(out: string): Promise<void> {
  try {
    if ((await readdir(out)).length > 0) throw new RunError("not-written", `${out}: is not empty; name a new folder with --out`);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}

const watermarksOf = (parts: readonly Part[]): string[] => [
  ...new Set(parts.flatMap(({ manifest }) => manifest.facts.watermarks)),
];

/** Copies one trial with all its attempts. Of two results the earlier commit counts, and the other row is kept aside. */
async function joinTrial(parts: readonly Part[], out: string, key: string): Promise<readonly TwoResults[]> {
  const found = [];
  const unfinished = [];
  for (const { folder } of parts) {
    const place = trialFolder(folder, key);
    const row = readRow(place);
    if (row.kind === "row") found.push({ place, row: row.row });
    else if (await exists(place)) unfinished.push(place);
  }
  const [kept, ...others] = found.sort((a, b) => Date.parse(a.row.finishedAt) - Date.parse(b.row.finishedAt));
  const source = kept?.place ?? unfinished[0];
  if (source === undefined) return [];
  const target = trialFolder(out, key);
  await cp(source, target, { recursive: true });
  if (!kept) return [];
  for (const [at, { row }] of others.entries()) {
    await mkdir(join(target, "superseded"), { recursive: true, mode: 0o700 });
    await replaceFile(join(target, "superseded", `merged-${at + 1}.json`), rowText(row));
  }
  return others.map(({ place, row }) => ({
    key,
    kept: kept.place,
    setAside: place,
    different: row.sha256.patch !== kept.row.sha256.patch || row.resolved !== kept.row.resolved,
  }));
}

async function exists(folder: string): Promise<boolean> {
  try {
    await readdir(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}
