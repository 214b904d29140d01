import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInherited } from "../../system/inherited.ts";

/** What a longer text needs of its terminal. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Prints a text; on a terminal that it does not fit into, by the person's pager (`$PAGER`, else `less -FRX`). An empty PAGER means none.
 */
export async function printPaged(text: string, { stdout, env, cwd }: Terminal): Promise<void> {
  const [program, ...args] = (env.PAGER ?? "less -FRX").split(/\s+/u).filter((word) => word !== "");
  const fits = text.split("\n").length < (stdout.rows || Number.POSITIVE_INFINITY);
  if (!stdout.isTTY || fits || program === undefined) {
    stdout.write(text);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "crq-agent-help-"));
  try {
    const file = join(folder, "help");
    await writeFile(file, text);
    const ended = await runInherited({ file: program, args: [...args, file], cwd, env: forPager(env) });
    if (ended.problem !== undefined) stdout.write(text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a pager is told of this machine: its own settings and the terminal's. A help text needs no key. */
const PAGER_SETTINGS =
  /^(?:PATH|HOME|TERM|TERMINFO(?:_DIRS)?|COLORTERM|COLUMNS|LINES|LANG|LC_\w+|LESS\w*|MOST\w*|BAT_\w+|MANPAGER|PAGER|XDG_\w+|TMPDIR)$/u;

const forPager = (env: Terminal["env"]): Terminal["env"] =>
  Object.fromEntries(Object.entries(env).filter(([name]) => PAGER_SETTINGS.test(name)));
