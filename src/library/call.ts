import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Event } from "../agent/events.ts";
import type { CliContext, Verb } from "../commands/wiring/context.ts";
import { withoutLinks } from "../commands/wiring/without-links.ts";
import { userFolders } from "../config.ts";
import { ForeseenError } from "../system/errors/foreseen.ts";
import type { JsonResult, Ui } from "../ui/ui.ts";
import { type Called, type Finding, findingSchema } from "./results.ts";

/** Calls a verb as a function: its options in, its JSON document out, typed. Nothing is printed. */

/** What every call takes. */
export interface CallOptions {
  /** Folder of the repository. Default: the current folder. */
  readonly repo?: string;
  /** An offline world of flake inputs: `shipped`, or a folder. Default: your own Nix and network. */
  readonly world?: string;
  /** Ends the call: it stops its builds, closes its session, and the outcome is `interrupted`. */
  readonly signal?: AbortSignal;
  /** Each event of the journal (crq-event/1), in order. */
  readonly onEvent?: (event: Event) => void;
  /** What a person would be told while it runs. */
  readonly onNote?: (text: string) => void;
  /** Asked where the command line would ask a yes or no. Absent: nobody can be asked, and nothing is taken for granted. */
  readonly confirm?: (question: string, details: string) => Promise<boolean>;
  /** Where keys and folders are looked up. Default: the environment of this process. Children get none of its keys. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @throws what nobody foresaw: a bug of crq-agent. What was foreseen (no such CRQ, no key, not approved) is in the result. */
export async function call<Arguments extends readonly unknown[], Data>(
  verb: Verb<Arguments>,
  data: z.ZodType<Data>,
  options: CallOptions,
  args: Arguments,
): Promise<Called<Data>> {
  const answers: JsonResult[] = [];
  try {
    const exit = await verb(await contextOf(options), listener(options, answers), ...args);
    const [answer] = answers;
    if (!answer) throw new Error(`the verb ended with exit code ${exit} and gave no result`);
    return called(answer, data);
  } catch (error) {
    if (!(error instanceof ForeseenError)) throw error;
    const { exit, code, message, diagnostics } = error;
    const own: Finding = { severity: "error", code, message, file: "", line: 1, column: 1 };
    return { ok: false, exit, data: null, diagnostics: diagnostics.length > 0 ? findings(diagnostics) : [own] };
  }
}

const findings = (diagnostics: readonly unknown[]): readonly Finding[] => z.array(findingSchema).parse(diagnostics);

function called<Data>(answer: JsonResult, data: z.ZodType<Data>): Called<Data> {
  const diagnostics = findings(answer.diagnostics);
  if (answer.ok) return { ok: true, exit: 0, data: data.parse(answer.data), diagnostics };
  return { ok: false, exit: answer.exit, data: answer.data === null ? null : data.parse(answer.data), diagnostics };
}

function listener({ onEvent, onNote, confirm }: CallOptions, answers: JsonResult[]): Ui {
  return {
    interactive: confirm !== undefined,
    width: 100,
    event: (event) => onEvent?.(event),
    progress: () => undefined,
    say: (text) => onNote?.(text),
    warn: (text) => onNote?.(text),
    result: ({ json }) => void answers.push(json),
    confirm: async (question, details) => (await confirm?.(question, details)) ?? false,
    ask: async () => undefined,
    close: () => undefined,
  };
}

/** A library is an entry like the command line: the only other place that reads the process it runs in. */
async function contextOf({ repo = ".", env = process.env, signal }: CallOptions): Promise<CliContext> {
  const { home, ...own } = userFolders(env);
  return {
    cwd: resolve(repo),
    env,
    folders: { home, cache: await withoutLinks(own.cache), state: await withoutLinks(own.state) },
    streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    signal: signal ?? new AbortController().signal,
    version: version(),
    packageRoot,
    now: Date.now,
  };
}

const manifest = z.object({ version: z.string() });
const version = (): string => manifest.parse(JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"))).version;
