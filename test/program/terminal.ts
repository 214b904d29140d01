import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Place } from "./place.ts";
import { PACKAGE_ROOT } from "./world.ts";

/** The program on a real pseudo-terminal, as script(1) of util-linux makes one, with a person who types. */

export const noTerminal: string | undefined =
  spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true
    ? undefined
    : "no script(1) of util-linux";

export interface Typed {
  /** What the screen must show before the person types. */
  readonly when: RegExp;
  /** With its line feed; "\u0004" is Ctrl-D. */
  readonly type: string;
}

export async function onTerminal(
  at: Place,
  args: readonly string[],
  typed: readonly Typed[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly exit: number | null; readonly screen: string }> {
  const quoted = [process.execPath, join(PACKAGE_ROOT, "src", "bin.ts"), ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const environment = Object.entries({ ...at.environment, CI: undefined, SHELL: "/bin/sh", TERM: "xterm", ...more });
  const child = spawn("script", ["-qec", `stty cols 100 rows 40; exec ${quoted.join(" ")}`, "/dev/null"], {
    cwd: at.folder,
    env: Object.fromEntries(environment.filter(([, value]) => value !== undefined)),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let screen = "";
  let seen = 0;
  const left = [...typed];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const [next] = left;
    if (next === undefined || !next.when.test(screen.slice(seen))) return;
    left.shift();
    seen = screen.length;
    child.stdin.write(next.type);
  });
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (left.length > 0) throw new Error(`the screen never showed ${left[0]?.when.source}:\n${screen}`);
  return { exit, screen };
}
