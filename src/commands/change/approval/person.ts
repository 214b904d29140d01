import { gitSetting } from "../../../repo/workspace/hand-over.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";

/**
 * The name of the person at this machine, as git knows it.
 * @throws CommandError (exit 2) where git knows none: a decision without a name is nobody's
 */
export async function personName(context: CliContext, root: string): Promise<string> {
  const name = await gitSetting(root, context.folders.home, "user.name");
  if (name !== undefined) return name;
  throw new CommandError("no-identity", 'git does not know who you are; run git config --global user.name "Your Name"');
}
