import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** Another process writes this session, or it cannot be told whether one does. */
export class LockError extends Error {
  override readonly name = "LockError";
}

export interface Lock {
  release(): void;
}

export const LOCK_FILE = "lock";

const owner = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** Boot and start time of the process where the system tells them: a pid alone is used again. */
  start: z.string().nullable(),
});
type Owner = z.infer<typeof owner>;

/**
 * Takes the lock of a folder. The lock file appears by an atomic link, so it is never seen half written. A lock whose process is gone, or
 * whose pid belongs to a process that started at another time, is stale and taken over.
 * @param what is locked, for the message
 * @throws LockError when a living process holds it, or one on another host may
 */
export function acquireLock(folder: string, what = "session"): Lock {
  const path = join(folder, LOCK_FILE);
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), start: startOf(process.pid) } satisfies Owner);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    // Each round either links the file, throws, or removes one stale lock.
    for (let round = 0; round < 10; round++) {
      if (linked(draft, path)) return { release: () => releaseLock(path, mine) };
      removeIfStale(path, draft, what);
    }
    throw new LockError(`${path}: other processes take this lock as fast as it is released; try again`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether a living process holds the folder's lock. */
export function isLocked(folder: string): boolean {
  const held = readOwner(join(folder, LOCK_FILE));
  return held !== undefined && (held.owner === undefined || !isStale(held.owner));
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function removeIfStale(path: string, draft: string, what: string): void {
  const held = readOwner(path);
  if (held === undefined) return;
  if (held.owner === undefined)
    throw new LockError(`${path}: is no lock of crq-agent; remove it if no crq-agent works on this ${what}`);
  if (held.owner.host !== hostname()) {
    throw new LockError(`${path}: is held by process ${held.owner.pid} on ${held.owner.host}; remove it if that process is gone`);
  }
  if (!isStale(held.owner))
    throw new LockError(`this ${what} is in use by process ${held.owner.pid} (${path}); wait for it or stop it`);
  // Whoever renames it away has it; what was renamed must be what was judged, for another process may have been faster.
  const aside = `${draft}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== held.text) linked(aside, path);
  rmSync(aside, { force: true });
}

function readOwner(path: string): { readonly text: string; readonly owner: Owner | undefined } | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return { text, owner: owner.parse(JSON.parse(text)) };
  } catch {
    // Not ours, or damaged: the caller says so and touches nothing.
    return { text, owner: undefined };
  }
}

function isStale({ pid, start }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and another user's.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  const now = startOf(pid);
  return start !== null && now !== null && start !== now;
}

/** Linux: boot id and field 22 of /proc/PID/stat (proc_pid_stat(5)); the command name before it may hold spaces and parentheses. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${boot} ${fields[19] ?? ""}`;
  } catch {
    // No /proc (macOS): the pid alone has to do.
    return null;
  }
}

function releaseLock(path: string, mine: string): void {
  try {
    if (readFileSync(path, "utf8") === mine) rmSync(path, { force: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
