import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findHost } from "../../system/environment/host.ts";
import { errorText } from "../../system/error.ts";
import { execute } from "../../system/process.ts";
import type { Ui } from "../../ui/ui.ts";
import { checkWorld } from "../../world/check.ts";
import { loadContent } from "../../world/content/content.ts";
import { GitService } from "../../world/mirror/git-service.ts";
import { describeProblem, WorldError } from "../../world/problem.ts";
import { LockError, type LockedSource, lockSources } from "../../world/record/lock-sources.ts";
import { createRecorder, type NotStored, type Recorder } from "../../world/record/recorder.ts";
import { RECORD_LIMITS } from "../../world/record/upstream/limits.ts";
import { namesUser, recordWanted } from "../../world/record/wanted.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { openPlace } from "../wiring/open-place.ts";
import { asCommandError, openRecording } from "../wiring/open-recording.ts";

export interface RecordOptions extends OutputOptions {
  readonly flake?: readonly string[];
  readonly lock?: readonly string[];
  readonly url?: readonly string[];
  readonly name?: string;
}

/** What came of one kind of wishes. */
interface Recorded {
  readonly stored: readonly string[];
  /** What was asked for by name and is not in the world. */
  readonly missing: readonly NotStored[];
  /** What else was asked on the way and could not be stored: it may not matter. */
  readonly aside: readonly NotStored[];
}

/** `crq-agent world record DIR`. */
export const record: Verb<[string, RecordOptions]> = async (context, ui, folder, options) => {
  const directory = resolve(context.cwd, folder);
  const { flake = [], lock = [], url = [] } = options;
  if (flake.length + lock.length + url.length === 0)
    throw new CommandError("missing-argument", "what is to be recorded? Name it with --flake REF, --lock FILE or --url URL");
  for (const named of [...flake, ...url].filter(namesUser))
    throw new CommandError(
      "address-refused",
      `${named.replace(/\/\/[^@]*@/, "//…@")}: names a user; what needs a password is never recorded`,
    );
  const locks = await Promise.all(lock.map((file) => readLock(resolve(context.cwd, file))));
  const wanted: LockedSource[] = [...locks.flatMap(({ sources }) => sources), ...url.map((each) => ({ url: each }))];

  const scratch = await scratchFolder(context);
  const results: Recorded[] = [{ stored: [], missing: locks.flatMap(({ left }) => left), aside: [] }];
  try {
    // Also where flakes alone are wanted: the folder is made, or refused, before anything is asked.
    results.push(await recordSources(context, directory, wanted, scratch, options.name));
    for (const reference of flake) results.push(await recordFlake(context, ui, directory, reference, join(scratch, "flake")));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return showRecorded(ui, folder, directory, results, context.signal.aborted);
};

async function scratchFolder(context: CliContext): Promise<string> {
  const parent = join(context.folders.cache, "scratch");
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, "record-"));
}

async function readLock(
  file: string,
): Promise<{ readonly sources: readonly LockedSource[]; readonly left: readonly NotStored[] }> {
  try {
    const { sources, left } = lockSources(await readFile(file, "utf8"));
    return { sources, left: left.map((why) => ({ url: file, why })) };
  } catch (error) {
    throw new CommandError(
      "unreadable-file",
      `${file}: ${error instanceof LockError ? error.message : `cannot be read (${errorText(error)})`}`,
    );
  }
}

/** Asks in this process: neither Nix nor a namespace is needed. */
async function recordSources(
  context: CliContext,
  directory: string,
  wanted: readonly LockedSource[],
  scratch: string,
  name: string | undefined,
): Promise<Recorded> {
  const { upstream } = await openRecording(context, directory, name);
  try {
    const { git } = await findHost({ packageRoot: context.packageRoot, path: context.env.PATH ?? "" });
    const { content, problems } = await loadContent(directory);
    if (!content || problems.length > 0) return await asCommandError(() => Promise.reject(new WorldError("content", problems)));
    const recorder = createRecorder(content, {
      upstream,
      service: new GitService(join(scratch, "git"), git ?? "git"),
      git: git ?? "git",
      limits: RECORD_LIMITS,
      scratch: join(scratch, "incoming"),
    });
    return resultOf(recorder, await recordWanted(recorder, wanted));
  } finally {
    upstream.close();
  }
}

function resultOf(recorder: Recorder, missing: readonly NotStored[]): Recorded {
  const told = new Set(missing.map(({ why }) => why));
  return { stored: recorder.stored(), missing, aside: recorder.notStored().filter(({ why }) => !told.has(why)) };
}

/** Lets Nix fetch a flake with all its inputs; what it asks on the way is what it will ask offline. */
async function recordFlake(
  context: CliContext,
  ui: Ui,
  directory: string,
  reference: string,
  scratch: string,
): Promise<Recorded> {
  const { environment, world, close } = await openPlace(context, { world: { mode: "record", folder: directory }, scratch });
  try {
    const local = await localFolder(context, reference);
    // Not below a repository by chance (a cache in a clone), which Nix would be shown in place of its own folders.
    const cwd = local ?? "/";
    const argv = ["nix", "flake", "archive", "--no-write-lock-file", local === undefined ? reference : "."];
    const finished = await execute({
      argv: environment.wrap(argv, { cwd, writable: [] }),
      cwd,
      env: environment.variables,
      timeoutMs: RECORD_LIMITS.answerMs,
      signal: context.signal,
      onStderr: (chunk) => ui.progress(chunk.toString("utf8").trim().split("\n").at(-1) ?? ""),
    });
    const why = finished.problem ?? finished.stderr.trim();
    const missing = finished.exit === 0 ? [] : [{ url: reference, why: why === "" ? finished.ended : why }];
    return world?.recorder ? resultOf(world.recorder, missing) : { stored: [], missing, aside: [] };
  } finally {
    await close();
  }
}

/** The folder of a reference that is a path of this machine. */
async function localFolder(context: CliContext, reference: string): Promise<string | undefined> {
  if (!/^(path:)?[./]/.test(reference)) return undefined;
  const folder = resolve(context.cwd, reference.replace(/^path:/, ""));
  const facts = await stat(folder).catch(() => undefined);
  if (facts?.isDirectory()) return folder;
  throw new CommandError("unreadable-file", `${reference}: there is no such folder`);
}

async function showRecorded(
  ui: Ui,
  folder: string,
  directory: string,
  results: readonly Recorded[],
  interrupted: boolean,
): Promise<number> {
  const stored = [...new Set(results.flatMap((result) => result.stored))].sort();
  const missing = results.flatMap((result) => result.missing);
  const aside = results.flatMap((result) => result.aside);
  const { content, problems } = await checkWorld(directory);
  const exit = interrupted ? 130 : problems.length > 0 ? 2 : missing.length > 0 ? 1 : 0;
  const lines = [
    ...stored.map((path) => `+ ${path}`),
    ...missing.map(({ url, why }) => `missing: ${url}: ${inOneLine(why)}`),
    ...aside.map(({ url, why }) => `not stored: ${url}: ${inOneLine(why)}`),
    ...problems.map(describeProblem),
    `${folder}: ${stored.length} recorded${missing.length > 0 ? `, ${missing.length} missing` : ""}; world ${content?.manifest.name ?? "?"} sha256:${content?.hash ?? "?"}`,
  ];
  ui.result({
    text: lines.join("\n"),
    json: {
      schema: "crq-agent/world-record/1",
      ok: exit === 0,
      exit,
      data: { name: content?.manifest.name ?? null, hash: content?.hash ?? null, stored, missing, notStored: aside },
      diagnostics: problems,
    },
  });
  return exit;
}

const inOneLine = (text: string): string => text.split(/\s*\n\s*/).join("; ");
