import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { didYouMean } from "./agent/text/nearest.ts";
import { DEFAULT_NIXPKGS } from "./jobs/job-place.ts";
import { inputPolicySchema } from "./nix/policy/policy.ts";
import { NOTE_CHARACTERS } from "./repo/documents/project-notes.ts";
import { insideJail, JailError } from "./repo/workspace/jail.ts";
import { errorCode, errorText } from "./system/error.ts";
import { ForeseenError } from "./system/errors/foreseen.ts";

/** crq-agent.toml and flags become one Config, merged once. Keys of models never stand in it: they come from the environment only. */

/** A configuration that cannot be used: exit 2. */
export class ConfigError extends ForeseenError {
  override readonly name = "ConfigError";
}

const price = z.strictObject({
  /** US dollars per million tokens. */
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  "cache-read": z.number().nonnegative().exactOptional(),
  "cache-write": z.number().nonnegative().exactOptional(),
});

export const configSchema = z.strictObject({
  crqs: z.string().default("crqs").describe("Folder of the CRQs, relative to the repository."),
  docs: z.array(z.string()).default(["docs"]).describe("Folders and files that `draft` reads beside the README."),
  list: z
    .string()
    .exactOptional()
    .describe(
      "A list of CRQs that is kept elsewhere, relative to the repository: its numbers are taken and its documents may be related to.",
    ),
  model: z.string().default("rules").describe("`rules`, `PROVIDER:NAME`, `scripted:FILE`, or an alias of [models]."),
  "hand-over": z.enum(["branch", "patch"]).default("branch").describe("What `apply` and `repair` leave."),
  approve: z
    .enum(["auto", "ask"])
    .default("auto")
    .describe("`ask`: a person at the terminal sees each proposal of `apply` before it counts."),
  models: z
    .record(
      z.string(),
      z.strictObject({
        name: z.string().describe("PROVIDER:NAME"),
        "base-url": z.url().exactOptional(),
        api: z.enum(["responses", "chat"]).exactOptional(),
        "max-output-tokens": z.number().int().positive().exactOptional(),
      }),
    )
    .default({}),
  prices: z.record(z.string(), price).default({}),
  limits: z
    .strictObject({
      turns: z.number().int().positive().default(60).describe("Replies of the model."),
      tokens: z.number().int().positive().default(120_000).describe("Output tokens of all replies together."),
      usd: z.number().positive().exactOptional().describe("US dollars; where it is not set, 2 for models whose price is known."),
      wall: z.number().positive().default(1_800).describe("Seconds."),
      builds: z.number().int().positive().default(25).describe("Builds that the model may ask for."),
      repeats: z.number().int().positive().default(4).describe("The same failing step again and again."),
      stagnation: z.number().int().positive().default(4).describe("Failures one after another without progress."),
      "max-output-tokens": z.number().int().positive().default(16_384).describe("Of one reply."),
    })
    .prefault({}),
  nix: z
    .strictObject({
      nixpkgs: z.string().default(DEFAULT_NIXPKGS).describe("What a new flake takes as nixpkgs."),
      systems: z
        .array(z.string())
        .default(["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"])
        .describe("Systems of a new flake."),
      "build-timeout": z.number().int().positive().default(1_800).describe("Seconds for one build."),
      "eval-timeout": z.number().int().positive().default(300).describe("Seconds for one evaluation."),
    })
    .prefault({}),
  context: z
    .strictObject({
      characters: z
        .number()
        .int()
        .nonnegative()
        .default(NOTE_CHARACTERS)
        .describe("Of AGENTS.md, CLAUDE.md, CONTRIBUTING.md, README and docs that a model is shown; 0: none."),
    })
    .prefault({}),
  policy: z.strictObject({ inputs: inputPolicySchema.exactOptional() }).prefault({}),
  lint: z
    .strictObject({ import: z.array(z.string()).default([]).describe("Globs of folders with foreign documents.") })
    .prefault({}),
  evals: z
    .strictObject({
      tasks: z
        .array(z.string())
        .min(1)
        .default(["evals/tasks"])
        .describe("Folders of tasks, relative to the folder that evals are started in, like all that follow."),
      world: z.string().default("shipped").describe("`shipped`, or a folder."),
      runs: z.string().default(".crq-agent/evals/runs").describe("Folder of runs."),
      store: z.literal("trial").default("trial").describe("Each trial has a Nix store of its own."),
      repeats: z.number().int().positive().default(3).describe("Trials of each model on each task."),
      trials: z
        .number()
        .int()
        .positive()
        .exactOptional()
        .describe("At once on this machine; where it is not set, what its memory and processors admit."),
      builders: z
        .array(z.string().regex(/^\S+(?: \S+)*$/u))
        .default([])
        .describe(
          "Nix remote builders, such as `ssh-ng://builder`: recorded with each run. An offline world has no network and builds on this machine.",
        ),
      "max-usd": z.number().positive().exactOptional().describe("US dollars of one run."),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;

export const CONFIG_FILE = "crq-agent.toml";

/**
 * Reads the project's crq-agent.toml; a missing file gives the defaults.
 * @throws ConfigError with file, line and column: nothing runs with guessed settings
 */
export async function readConfig(repository: string): Promise<Config> {
  const text = await readFile(join(repository, CONFIG_FILE), "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return "";
    throw new ConfigError("bad-config", `${CONFIG_FILE}: cannot be read (${errorCode(error) ?? errorText(error)})`);
  });
  const config = parseConfig(CONFIG_FILE, text);
  await requireInside(repository, config.crqs, text);
  return config;
}

/** CRQs and their lists are read and written there: a repository that somebody else wrote names no folder outside of itself. */
async function requireInside(repository: string, crqs: string, text: string): Promise<void> {
  try {
    await insideJail(repository, crqs);
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    const line = text.split("\n").findIndex((candidate) => /^\s*crqs\s*=/u.test(candidate)) + 1;
    const where = line === 0 ? "the CRQ folder" : `${CONFIG_FILE}:${line}:1: crqs`;
    throw new ConfigError("bad-config", `${where}: ${error.message}; name a folder of the repository`);
  }
}

/** @param file as errors name it: relative to the repository, whose folder is nobody's business */
export function parseConfig(file: string, text: string): Config {
  let table: unknown;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigError("bad-config", `${file}:${error.line}:${error.column}: ${firstLine(error.message)}`);
  }
  const checked = configSchema.safeParse(table);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const key = issue?.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : (issue?.path ?? []);
  const message =
    issue?.code === "unrecognized_keys"
      ? `unknown key${didYouMean(issue.keys[0] ?? "", keysAt(issue.path))}`
      : (issue?.message ?? "is not valid");
  const last = String(key.at(-1) ?? "");
  const line = text.split("\n").findIndex((candidate) => candidate.includes(last)) + 1;
  throw new ConfigError("bad-config", `${file}:${Math.max(1, line)}:1: ${key.join(".")}: ${message}`);
}

/** The keys that may stand at a place of the file; none where its names are the person's own. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: z.core.$ZodType = configSchema;
  for (const key of path) {
    schema = inner(schema);
    if (schema instanceof z.ZodObject) schema = schema.shape[String(key)];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else return [];
  }
  const found = inner(schema);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** Without what says that a value may be absent. */
function inner(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? inner(schema.unwrap())
    : schema;
}

const firstLine = (text: string): string => text.split("\n")[0] ?? text;

/** The user's folders (XDG base directory specification), each for crq-agent alone. */
export interface UserFolders {
  readonly cache: string;
  readonly state: string;
  readonly home: string;
}

/** @throws ConfigError where neither HOME nor the system names a home */
export function userFolders(env: Readonly<Record<string, string | undefined>>): UserFolders {
  const home = env.HOME?.startsWith("/") ? env.HOME : homeOfUser();
  const absolute = (value: string | undefined, fallback: string): string =>
    value?.startsWith("/") ? value : join(home, fallback);
  return {
    cache: join(absolute(env.XDG_CACHE_HOME, ".cache"), "crq-agent"),
    state: join(absolute(env.XDG_STATE_HOME, ".local/state"), "crq-agent"),
    home,
  };
}

/** As the system has it: with an empty or a relative HOME the program's folders would come to lie in the checkout. */
function homeOfUser(): string {
  try {
    return userInfo().homedir;
  } catch (error) {
    throw new ConfigError(
      "no-home",
      `HOME is no absolute path, and the system knows no home of this user (${errorText(error)}); set HOME`,
    );
  }
}
