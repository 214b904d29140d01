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
    const ended = await runInherited({ file: program, args: [...args, file], cwd, env });
    if (ended.problem !== undefined) stdout.write(text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
