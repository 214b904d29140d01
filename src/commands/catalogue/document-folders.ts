import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { type CliContext, CommandError } from "../wiring/context.ts";

/**
 * Folders and files of documents: those that were given, absolute, or those of crq-agent.toml that exist, as written there.
 * @throws CommandError 2 for one that was given and does not exist
 */
export function documentFolders(
  context: CliContext,
  root: string,
  given: readonly string[] | undefined,
  usual: readonly string[],
): readonly string[] {
  if (given === undefined) return usual.filter((path) => existsSync(resolve(root, path)));
  return given.map((path) => {
    const absolute = resolve(context.cwd, path);
    if (!existsSync(absolute))
      throw new CommandError("unreadable-file", `${path}: no such folder or file of documents; give one with --docs DIR`);
    return absolute;
  });
}

/** The same as absolute paths, for whoever looks quotes up. */
export const absolutePlaces = (root: string, places: readonly string[]): readonly string[] =>
  places.map((path) => (isAbsolute(path) ? path : join(root, path)));
