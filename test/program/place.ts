import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type Event, eventBody, eventEnvelope } from "../../src/agent/events.ts";
import { git } from "../../src/system/git.ts";
import { PACKAGE_ROOT, WARM_CACHE, worldForTests } from "./world.ts";

/** One person's machine in a test: home, state folder and repositories of their own, and the real program as a child process. */

/** What a program reads of `--json`. */
export interface Document {
  readonly schema: string;
  readonly ok: boolean;
  readonly exit: number;
  readonly data: unknown;
  readonly diagnostics: readonly unknown[];
}

export interface Run {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface JsonRun extends Run {
  readonly document: Document;
  /** For the message of a failed assertion: how the run ended, in its own words. */
  readonly about: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Before the program: for instance `bwrap` and its options. */
  readonly wrapper?: readonly string[];
  /** Instead of this clone's `src/bin.ts`. */
  readonly program?: string;
  /** Called with each event of `--events`; may send a signal to the child. */
  readonly onEvent?: (event: Event, child: ChildProcess) => void;
  readonly onStart?: (child: ChildProcess) => void;
}

export interface Place {
  /** Its name holds a blank, a quote and a letter beyond ASCII. */
  readonly folder: string;
  readonly home: string;
  readonly state: string;
  readonly cache: string;
  /** Of every run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What to give to `--world`. */
  readonly world: string;
  /** Runs the program to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Run>;
  /** Runs it with `--json` and gives the one document of stdout beside the rest. */
  json(args: readonly string[], options?: RunOptions): Promise<JsonRun>;
  /** A git repository of one commit. */
  repository(files: Files, name?: string): Promise<string>;
  /** Events of the newest session, from the journal. */
  journal(): Promise<readonly Event[]>;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

export const PERSON = { name: "Pat Person", email: "pat@example.org" };

export async function place(): Promise<Place> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "it's a ü place ")));
  onTestFinished(() => removeAll(folder));
  const home = join(folder, "home");
  const state = join(folder, "state");
  await mkdir(home);
  await writeFile(join(home, ".gitconfig"), `[user]\n\tname = ${PERSON.name}\n\temail = ${PERSON.email}\n`);
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    LANG: "C.UTF-8",
    XDG_STATE_HOME: state,
    XDG_CACHE_HOME: WARM_CACHE,
    TMPDIR: process.env.TMPDIR,
    // The sources run as they are: so that not each of hundreds of runs loads the type stripper for the first file.
    NODE_COMPILE_CACHE: join(WARM_CACHE, "node-compile"),
  };
  const run = (args: readonly string[], options: RunOptions = {}): Promise<Run> =>
    start(
      [...(options.wrapper ?? []), process.execPath, options.program ?? join(PACKAGE_ROOT, "src", "bin.ts"), ...args],
      folder,
      {
        ...options,
        env: { ...environment, ...options.env },
      },
    );
  return {
    folder,
    home,
    state,
    environment,
    cache: join(WARM_CACHE, "crq-agent"),
    world: await worldForTests(),
    run,
    async json(args, options) {
      const done = await run([...args, "--json"], options);
      const document = readDocument(done);
      const { data, diagnostics } = document;
      const outcome = data instanceof Object && "outcome" in data ? data.outcome : null;
      return {
        ...done,
        document,
        about: JSON.stringify({ outcome, diagnostics: diagnostics.slice(0, 3), stderr: done.stderr.slice(-2000) }, undefined, 1),
      };
    },
    repository: (files, name = "project") => repository(join(folder, name), files),
    async journal() {
      const entries = await readdir(state, { recursive: true, withFileTypes: true });
      const files = entries.filter(({ name }) => name === "events.jsonl").map((entry) => join(entry.parentPath, entry.name));
      const journals = await Promise.all(
        files.map(async (file) => (await readFile(file, "utf8")).split("\n").slice(0, -1).map(readEvent)),
      );
      // Ids tell sessions apart to the second; a draft and its apply may be quicker.
      const newest = journals.sort((a, b) => (b[0]?.at ?? 0) - (a[0]?.at ?? 0))[0];
      if (newest === undefined) throw new Error(`no journal below ${state}`);
      return newest;
    },
  };
}

/** stdout must be one JSON document and nothing else. */
function readDocument({ stdout, stderr, exit }: Run): Document {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`stdout is no JSON document (exit ${exit}):\n${stdout}\n--- stderr\n${stderr}`);
  }
}

const envelope = eventEnvelope.and(eventBody);
export const readEvent = (line: string): Event => envelope.parse(JSON.parse(line));

function start([file = "", ...args]: readonly string[], folder: string, options: RunOptions): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd ?? folder,
      env: Object.fromEntries(Object.entries(options.env ?? {}).filter(([, value]) => value !== undefined)),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let line = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (options.onEvent === undefined) return;
      const lines = (line + text).split("\n");
      line = lines.pop() ?? "";
      for (const whole of lines) options.onEvent(readEvent(whole), child);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (exit, signal) => resolve({ exit, signal, stdout, stderr }));
    options.onStart?.(child);
  });
}

export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

const IDENTITY = {
  GIT_AUTHOR_NAME: PERSON.name,
  GIT_AUTHOR_EMAIL: PERSON.email,
  GIT_COMMITTER_NAME: PERSON.name,
  GIT_COMMITTER_EMAIL: PERSON.email,
  GIT_AUTHOR_DATE: "2026-01-02T03:04:05Z",
  GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z",
};

async function repository(directory: string, files: Files): Promise<string> {
  await mkdir(directory, { recursive: true });
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: directory });
  await writeFiles(directory, files);
  await commitAll(directory, "first");
  return directory;
}

export async function commitAll(directory: string, message: string): Promise<string> {
  await git(["add", "--all"], { cwd: directory });
  await git(["commit", "--quiet", "--allow-empty", "-m", message], { cwd: directory, env: IDENTITY });
  return (await git(["rev-parse", "HEAD"], { cwd: directory })).trim();
}

/** A file of a commit or branch. */
export const show = (directory: string, name: string): Promise<string> => git(["show", name], { cwd: directory });

/** What a branch holds outside the CRQ folder, as `mode type hash path` lines: reports hold times, the work itself does not. */
export async function workOf(directory: string, branch: string): Promise<readonly string[]> {
  const listed = await git(["ls-tree", "-r", branch], { cwd: directory });
  return listed.split("\n").filter((line) => line !== "" && !line.includes("\tcrqs/"));
}

/** Some tests take write permission away. */
async function removeAll(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
