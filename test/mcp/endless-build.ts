import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { COPIES_NOTE } from "../program/samples.ts";

/** A builder that never ends by itself, found in the process table by its mark. */
export const endless = (mark: string): readonly string[] => [`echo ${mark} is at it`, "while :; do :; done", ...COPIES_NOTE];

export const newMark = (): string => `mark-${process.pid}-${Date.now()}`;

async function running(mark: string): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "")));
  return commands.filter((command) => command.includes(`echo ${mark} is at it`)).length;
}

/** A test of the process table: waits until some builder of this mark runs, or none. */
export async function untilRunning(mark: string, some: boolean): Promise<void> {
  while ((await running(mark)) > 0 !== some) await new Promise((resolve) => setTimeout(resolve, 50));
}
