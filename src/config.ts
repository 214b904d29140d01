import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { DEFAULT_NIXPKGS } from "./jobs/job-place.ts";
import { inputPolicySchema } from "./nix/policy/policy.ts";
import { errorCode, errorText } from "./system/error.ts";

/** crq-agent.toml and flags become one Config, merged once. Keys of models never stand in it: they come from the environment only. */

/** A configuration that cannot be used: exit 2. */
export class ConfigError extends Error {
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
  /** Folder of the CRQs, relative to the repository. */
  crqs: z.string().default("crqs"),
  docs: z.array(z.string()).default(["docs"]),
  /** A list of CRQs that is kept elsewhere, relative to the repository: its numbers are taken and its documents may be related to. */
  list: z.string().exactOptional(),
  model: z.string().default("rules"),
  "hand-over": z.enum(["branch", "patch"]).default("branch"),
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
      turns: z.number().int().positive().default(60),
      /** Output tokens of all replies together. */
      tokens: z.number().int().positive().default(120_000),
      /** US dollars; where it is not set, 2 for models whose price is known. */
      usd: z.number().positive().exactOptional(),
      /** Seconds. */
      wall: z.number().positive().default(1_800),
      builds: z.number().int().positive().default(25),
      repeats: z.number().int().positive().default(4),
      stagnation: z.number().int().positive().default(4),
      "max-output-tokens": z.number().int().positive().default(16_384),
    })
    .prefault({}),
  nix: z
    .strictObject({
      nixpkgs: z.string().default(DEFAULT_NIXPKGS),
      systems: z.array(z.string()).default(["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"]),
      /** Seconds for one build, and for one evaluation. */
      "build-timeout": z.number().int().positive().default(1_800),
      "eval-timeout": z.number().int().positive().default(300),
    })
    .prefault({}),
  policy: z.strictObject({ inputs: inputPolicySchema.exactOptional() }).prefault({}),
  lint: z.strictObject({ import: z.array(z.string()).default([]) }).prefault({}),
  evals: z
    .strictObject({
      /** Folders of tasks, relative to the folder that evals are started in, like all that follow. */
      tasks: z.array(z.string()).min(1).default(["evals/tasks"]),
      /** `shipped`, or a folder. */
      world: z.string().default("shipped"),
      runs: z.string().default(".crq-agent/evals/runs"),
      /** Each trial has a Nix store of its own. */
      store: z.literal("trial").default("trial"),
      repeats: z.number().int().positive().default(3),
      /** At once on this machine; where it is not set, what its memory and processors admit. */
      trials: z.number().int().positive().exactOptional(),
      /** At once in one trial: Nix's max-jobs. */
      builds: z.number().int().positive().exactOptional(),
      /** Nix remote builders, such as `ssh-ng://builder`: recorded with each run. An offline world has no network and builds on this machine. */
      builders: z.array(z.string().regex(/^\S+(?: \S+)*$/u)).default([]),
      /** US dollars of one run. */
      "max-usd": z.number().positive().exactOptional(),
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
    throw new ConfigError(`${CONFIG_FILE}: cannot be read (${errorCode(error) ?? errorText(error)})`);
  });
  return parseConfig(CONFIG_FILE, text);
}

/** @param file as errors name it: relative to the repository, whose folder is nobody's business */
export function parseConfig(file: string, text: string): Config {
  let table: unknown;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigError(`${file}:${error.line}:${error.column}: ${firstLine(error.message)}`);
  }
  const checked = configSchema.safeParse(table);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const key = issue?.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : (issue?.path ?? []);
  const last = String(key.at(-1) ?? "");
  const line = text.split("\n").findIndex((candidate) => candidate.includes(last)) + 1;
  throw new ConfigError(`${file}:${Math.max(1, line)}:1: ${key.join(".")}: ${issue?.message ?? "is not valid"}`);
}

const firstLine = (text: string): string => text.split("\n")[0] ?? text;

/** The user's folders (XDG base directory specification), each for crq-agent alone. */
export interface UserFolders {
  readonly cache: string;
  readonly state: string;
  readonly home: string;
}

export function userFolders(env: Readonly<Record<string, string | undefined>>): UserFolders {
  const home = env.HOME ?? homedir();
  const absolute = (value: string | undefined, fallback: string): string =>
    value?.startsWith("/") ? value : join(home, fallback);
  return {
    cache: join(absolute(env.XDG_CACHE_HOME, ".cache"), "crq-agent"),
    state: join(absolute(env.XDG_STATE_HOME, ".local/state"), "crq-agent"),
    home,
  };
}
