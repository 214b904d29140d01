import { appendFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Event, EventBody } from "../../agent/events.ts";
import type { Limits } from "../../agent/limits.ts";
import type { Config } from "../../config.ts";
import type { JobPlace } from "../../jobs/job-place.ts";
import { openPrompts } from "../../jobs/prompts.ts";
import { Journal } from "../../session/journal.ts";
import { MISSES_FILE, newSessionId, repositoryKey, sessionFolder } from "../../session/store.ts";
import type { Miss } from "../../system/environment/execution-environment.ts";
import { redactEvidence, secretsOf } from "../../system/redact.ts";
import type { Ui } from "../../ui/ui.ts";
import type { CliContext } from "./context.ts";
import { type OpenPlace, openPlace, projectSettings } from "./open-place.ts";
import type { WorldChoice } from "./world-choice.ts";

/** A session of one verb: its journal, its folders, and the place its job works in. */
export interface OpenSession {
  readonly id: string;
  readonly folder: string;
  readonly place: JobPlace;
  readonly open: OpenPlace;
  /** Journals an event, then shows it. */
  append(body: EventBody): Event;
  /** A session in which nothing came to happen leaves no trace: it would stand in the lists as one to be resumed. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly verb: string;
  readonly root: string;
  readonly config: Config;
  readonly model: string;
  readonly world: WorldChoice | undefined;
  readonly limits: Limits;
  readonly maxOutputTokens: number;
  /** What resume needs, as plain JSON. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Names of the project's packages, by which its own derivations are told from others. */
  readonly ownNames?: () => readonly string[];
  /** An existing session to go on with. */
  readonly resume?: { readonly id: string; readonly folder: string; readonly journal: Journal };
}

/** Folder of all sessions below the user's state folder. */
export const sessionsRoot = (context: CliContext): string => join(context.folders.state, "sessions");

/** Where a session's worktree and scratch folders are: the user's cache, keyed by repository and session. */
export const workFolderOf = (context: CliContext, root: string, id: string): string =>
  join(context.folders.cache, "work", repositoryKey(root), id);

export async function openSession(context: CliContext, ui: Ui, options: SessionOptions): Promise<OpenSession> {
  const key = repositoryKey(options.root);
  const id = options.resume?.id ?? newSessionId(new Date(context.now()));
  const folder = options.resume?.folder ?? sessionFolder(sessionsRoot(context), key, id);
  const workFolder = workFolderOf(context, options.root, id);
  await mkdir(workFolder, { recursive: true, mode: 0o700 });
  const open = await openPlace(context, {
    world: options.world,
    scratch: join(context.folders.cache, "scratch", id),
    ...(options.ownNames && { ownNames: options.ownNames }),
  });
  const agent = `crq-agent@${context.version}`;
  let journal: Journal;
  try {
    const { verb, model, request } = options;
    journal =
      options.resume?.journal ??
      Journal.create(folder, { id, agent, verb, model, request: { ...request, root: options.root } }, context.now);
  } catch (error) {
    // A world that is served would keep the program from ending.
    await open.close();
    throw error;
  }
  let began = options.resume !== undefined;
  const secrets = secretsOf(context.env);
  const place: JobPlace = {
    environment: open.environment,
    nix: open.nix,
    prompts: openPrompts(context.packageRoot),
    limits: options.limits,
    maxOutputTokens: options.maxOutputTokens,
    signal: context.signal,
    now: context.now,
    agent,
    sessionFolder: folder,
    workFolder,
    baselineFolder: join(context.folders.state, "baselines", key),
    progress: (text) => ui.progress(text),
    redact: (text) => redactEvidence(text, secrets),
    settings: projectSettings(options.config),
  };
  return {
    id,
    folder,
    place,
    open,
    append(body) {
      const event = journal.append(body);
      began = true;
      ui.event(event);
      return event;
    },
    async close() {
      journal.close();
      const recorder = open.world?.recorder;
      if (recorder) ui.say(`Recorded ${recorder.stored().length} files into ${open.world?.directory}.`);
      if (began) await keepMisses(join(folder, MISSES_FILE), open.environment.misses());
      else await rm(folder, { recursive: true, force: true });
      await open.close();
    },
  };
}

/** Beside the journal: what an offline world lacked, one request a line. A resumed session adds to it. */
async function keepMisses(file: string, misses: readonly Miss[]): Promise<void> {
  if (misses.length > 0) await appendFile(file, misses.map((miss) => `${JSON.stringify(miss)}\n`).join(""), { mode: 0o600 });
}

/** Drives a job to its end: each event is on its way to the disk before the job goes on. */
export async function runJob<Result>(
  job: AsyncGenerator<EventBody, Result>,
  session: Pick<OpenSession, "append">,
): Promise<Result> {
  for (;;) {
    const step = await job.next();
    if (step.done) return step.value;
    session.append(step.value);
  }
}
