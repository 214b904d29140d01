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
  readonly type?: string;
  /** Sent to the program, as a service manager or a closed session would. */
  readonly kill?: NodeJS.Signals;
}

export interface TerminalRun {
  readonly exit: number | null;
  readonly screen: string;
  /** What `stty -a` says of the terminal once the program has left it. */
  readonly left: string;
}

const PID = /<program (\d+)>\r?\n/u;
const LEFT = "<the terminal is left>";

export async function onTerminal(
  at: Place,
  args: readonly string[],
  typed: readonly Typed[],
  more: Readonly<Record<string, string>> = {},
  { columns, rows }: { readonly columns: number; readonly rows: number } = { columns: 100, rows: 40 },
): Promise<TerminalRun> {
  const quoted = [process.execPath, join(PACKAGE_ROOT, "src", "bin.ts"), ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const environment = Object.entries({ ...at.environment, CI: undefined, SHELL: "/bin/sh", TERM: "xterm", ...more });
  const program = `sh -c 'echo "<program $$>"; exec "$@"' sh ${quoted.join(" ")}`;
  // Ctrl-C goes to the shell as well, which would end with it.
  const shell = `trap : INT; stty cols ${columns} rows ${rows}; ${program}; exit=$?; echo '${LEFT}'; stty -a; exit $exit`;
  const child = spawn("script", ["-qec", shell, "/dev/null"], {
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
    if (next.type !== undefined) child.stdin.write(next.type);
    const pid = PID.exec(screen)?.[1];
    if (next.kill !== undefined && pid !== undefined) process.kill(Number(pid), next.kill);
  });
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (left.length > 0) throw new Error(`the screen never showed ${left[0]?.when.source}:\n${screen}`);
  const [shown = "", after = ""] = screen.replace(PID, "").split(LEFT);
  return { exit, screen: shown, left: after };
}
