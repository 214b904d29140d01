import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type CliContext, CommandError } from "../../wiring/context.ts";

/** What a person wishes for, from the command line or from a file. */
export async function wish(context: CliContext, task: string | undefined, file: string | undefined): Promise<string> {
  const text = await ownWords(context, task, file);
  if (text === undefined)
    throw new CommandError(
      "missing-argument",
      'what is wished for? Give one sentence: crq-agent draft "nixify this Rust project"',
    );
  return text;
}

/** The person's own words, trimmed; undefined where there are none. */
export async function ownWords(
  context: CliContext,
  task: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (task !== undefined && file !== undefined)
    throw new CommandError("option-conflict", "give the wish as an argument or with --task-file, not both");
  const text = (
    task ??
    (file === undefined
      ? ""
      : await readFile(resolve(context.cwd, file), "utf8").catch(() => {
          throw new CommandError("unreadable-file", `${file}: cannot be read; give a file with --task-file FILE`);
        }))
  ).trim();
  return text === "" ? undefined : text;
}
