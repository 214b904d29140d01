import { lstat, readlink } from "node:fs/promises";
import { posix } from "node:path";
import type { ExecutionEnvironment } from "../environment/execution-environment.ts";
import { errorCode } from "../error.ts";

const STORE = "/nix/store";
/** As the kernel's own limit. */
const MOST_LINKS = 40;

/**
 * Follows the links of a path below /nix/store as a process inside the environment would, where this process would follow them into the
 * machine's own /nix. Gives the final store path (`hostPath` makes a file of it), or undefined where it dangles, loops or leaves the store.
 */
export async function resolveStorePath(
  environment: Pick<ExecutionEnvironment, "hostPath">,
  storePath: string,
): Promise<string | undefined> {
  let pending = posix.normalize(storePath).split("/").filter(Boolean);
  let done = "";
  for (let links = 0; pending.length > 0; ) {
    const [name = "", ...rest] = pending;
    const next = `${done}/${name}`;
    pending = rest;
    if (STORE.startsWith(`${next}/`) || next === STORE) {
      done = next;
      continue;
    }
    if (!next.startsWith(`${STORE}/`)) return undefined;
    const target = await linkTarget(environment.hostPath(next));
    if (target === undefined) return undefined;
    if (target === false) {
      done = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return undefined;
    pending = [...posix.resolve(done, target).split("/").filter(Boolean), ...pending];
    done = "";
  }
  return done.startsWith(`${STORE}/`) ? done : undefined;
}

/** The target of a link, false for anything else that is there, undefined for nothing. */
async function linkTarget(file: string): Promise<string | false | undefined> {
  try {
    return (await lstat(file)).isSymbolicLink() ? await readlink(file) : false;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
