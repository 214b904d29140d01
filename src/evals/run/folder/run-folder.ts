import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { acquireLock, type Lock, LockError } from "../../../session/lock.ts";
import { newSessionId } from "../../../session/store.ts";
import { errorCode, errorText } from "../../../system/error.ts";
import { ForeseenError } from "../../../system/errors/foreseen.ts";
import { folderOfKey } from "../identity/key.ts";
import { type Manifest, manifestSchema } from "../manifest.ts";
import { replaceFile, syncFolder } from "./durable.ts";

/** A run on disk: `<runs>/<id>/` with its manifest, its lock, its trials and what is derived from them. */

export const MANIFEST_FILE = "manifest.json";
const TRIALS = "trials";

/** A run that cannot be used: what is wrong with it and the next move. */
export class RunError extends ForeseenError {
  override readonly name = "RunError";
}

/** UTC time and six random characters. */
export const newRunId = newSessionId;

/** Names of runs become folders and stand in every table. */
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

export const isRunId = (text: string): boolean => RUN_ID.test(text);

export const trialFolder = (run: string, key: string): string => join(run, TRIALS, folderOfKey(key));

/** @throws RunError where there is no run, or its manifest cannot be read */
export async function readManifest(run: string): Promise<Manifest> {
  const manifest = await findManifest(run);
  if (manifest) return manifest;
  throw new RunError(
    "unknown-run",
    `${run}: holds no run (${MANIFEST_FILE} is missing); each folder that has one is a run: name another, or their folder with --runs DIR`,
  );
}

/** undefined: there is none. */
export async function findManifest(run: string): Promise<Manifest | undefined> {
  const file = join(run, MANIFEST_FILE);
  try {
    return manifestSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      const why = error instanceof z.ZodError ? z.prettifyError(error) : errorText(error);
      throw new RunError("altered", `${file}: is damaged (${why}); its trials are kept, start a new run`);
    }
    throw error;
  }
}

/**
 * To be held by whoever writes in a run. A lock whose process is gone is taken over.
 * @throws RunError (exit 2) where another process works on it
 */
export function lockRun(run: string): Lock {
  try {
    return acquireLock(run, "run");
  } catch (error) {
    if (error instanceof LockError) throw new RunError("run-busy", error.message);
    throw error;
  }
}

/** Makes the run's folder, or goes on with the one that is there. */
export async function writeManifest(run: string, manifest: Manifest): Promise<void> {
  await mkdir(join(run, TRIALS), { recursive: true, mode: 0o700 });
  await replaceFile(join(run, MANIFEST_FILE), `${JSON.stringify(manifestSchema.parse(manifest), undefined, 1)}\n`);
}

/** The folder of one trial, made where it is missing. */
export async function makeTrialFolder(run: string, key: string): Promise<string> {
  const folder = trialFolder(run, key);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncFolder(join(run, TRIALS));
  return folder;
}

/** Folders of runs below `runs`, newest first. */
export async function listRuns(runs: string): Promise<readonly string[]> {
  let names: string[];
  try {
    names = await readdir(runs);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(runs, name);
      const facts = await stat(join(folder, MANIFEST_FILE)).catch(() => undefined);
      return facts ? [{ folder, name, at: facts.birthtimeMs }] : [];
    }),
  );
  return found
    .flat()
    .sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1))
    .map(({ folder }) => folder);
}
