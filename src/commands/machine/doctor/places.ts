import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { access, constants, lstat, opendir, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Config } from "../../../config.ts";
import { PROVIDERS } from "../../../models/providers.ts";
import type { Host } from "../../../system/environment/host.ts";
import { shellWord } from "../../../ui/shell-word.ts";
import type { CliContext } from "../../wiring/context.ts";
import { shippedWorld } from "../../wiring/open-place.ts";
import { type Finding, fine, missing, warning } from "./finding.ts";

const GIBIBYTE = 2 ** 30;
/** Below this a run of apply with its store is likely to end for want of room. */
const LITTLE_ROOM = 5 * GIBIBYTE;
const NO_ROOM = GIBIBYTE / 2;
/** Entries that are counted of a folder; what is more says "at least". */
const MAX_COUNTED = 20_000;

/** The program's own folders: where they lie, what they take, and whether they can be written. */
export async function folderFindings(
  folders: readonly (readonly [name: string, path: string, variable: string])[],
): Promise<readonly Finding[]> {
  return Promise.all(
    folders.map(async ([name, path, variable]) => {
      const there = await nearestExisting(path);
      const writable = await access(there, constants.W_OK).then(
        () => true,
        () => false,
      );
      if (!writable) return missing(name, `${path}: cannot be written`, mendFolder(path, there, variable));
      return fine(name, there === path ? `${path}, ${await sizeOf(path)}` : `${path}, made when it is needed`);
    }),
  );
}

/**
 * Only the program's own folder is ever given to a person whole: what lies above it may be a home, or `/`.
 * @param there the folder itself, or the nearest one above it that exists
 */
export const mendFolder = (path: string, there: string, variable: string): string =>
  there === path ? `sudo chown -R "$(id -un)" ${shellWord(path)}` : `export ${variable}=… (a folder that you can write)`;

export async function diskFinding(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestExisting(path));
  const free = bavail * bsize;
  const text = `${(free / GIBIBYTE).toFixed(1)} GiB free for ${path}`;
  const mend = "nix store gc, or set XDG_CACHE_HOME to a larger disk";
  return free < NO_ROOM ? missing("disk", text, mend) : free < LITTLE_ROOM ? warning("disk", text, mend) : fine("disk", text);
}

async function nearestExisting(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined || dirname(path) === path ? path : nearestExisting(dirname(path));
}

async function sizeOf(path: string): Promise<string> {
  let bytes = 0;
  let counted = 0;
  const waiting = [path];
  for (let folder = waiting.pop(); folder !== undefined && counted < MAX_COUNTED; folder = waiting.pop()) {
    const entries = await opendir(folder).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      counted++;
      if (counted >= MAX_COUNTED) break;
      const child = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(child);
      else bytes += (await lstat(child).catch(() => undefined))?.size ?? 0;
    }
  }
  return `${counted >= MAX_COUNTED ? "at least " : ""}${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

/** The way to flake inputs: a world, or the internet. */
export async function inputsFinding(context: CliContext, world: string | undefined, host: Host): Promise<Finding> {
  if (world !== undefined) {
    const folder = world === "shipped" ? shippedWorld(context.packageRoot) : resolve(context.cwd, world);
    return existsSync(join(folder, "world.toml"))
      ? fine("world", folder)
      : missing("world", `${folder}: is no world (it has no world.toml)`, "--world shipped");
  }
  const found = await Promise.race([
    lookup("github.com").then(
      () => true,
      () => false,
    ),
    wait(3_000, false, { ref: false }),
  ]);
  const proxy = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].some((name) => context.env[name]);
  return found || proxy
    ? fine("network", proxy ? "a proxy is set" : "github.com has an address")
    : warning(
        "network",
        "github.com has no address here, so flake inputs cannot be fetched",
        // Its builds need the compilers that a clone's set-up unpacks.
        host.toolchain.rustc === undefined ? "crq-agent help worlds" : "--world shipped, or crq-agent help worlds",
      );
}

/** Keys are looked for, never shown, not in part either. One that the configured model needs is missed, the others only named. */
export function keyFindings({ env }: Pick<CliContext, "env">, config: Config | undefined): readonly Finding[] {
  const alias = config !== undefined && Object.hasOwn(config.models, config.model) ? config.models[config.model] : undefined;
  const configured = alias?.name ?? config?.model ?? "rules";
  const needed = alias?.["base-url"] === undefined ? KEYS.get(configured.split(":")[0] ?? "") : undefined;
  const servers = Object.entries(config?.models ?? {}).flatMap(([alias, model]) =>
    model["base-url"] === undefined ? [] : [`CRQ_AGENT_KEY_${alias.toUpperCase().replaceAll(/[^A-Z0-9]/gu, "_")}`],
  );
  const names = [...new Set(["OPENAI_API_KEY", "ANTHROPIC_API_KEY", ...(needed ? [needed] : []), ...servers])];
  return names.map((name) => {
    if (env[name]) return fine(name, "present");
    return name === needed
      ? missing(name, `absent, and the model ${configured} of crq-agent.toml needs it`, `export ${name}=…`)
      : fine(name, "absent (only needed for this provider's models)");
  });
}

const KEYS: ReadonlyMap<string, string | undefined> = new Map([
  ["openai", "OPENAI_API_KEY"],
  ...Object.entries(PROVIDERS).map(([name, { keyVariable }]): [string, string | undefined] => [name, keyVariable]),
]);
