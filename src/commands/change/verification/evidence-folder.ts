import { access, constants, mkdir } from "node:fs/promises";
import { errorText } from "../../../system/error.ts";
import { CommandError } from "../../wiring/context.ts";

/**
 * Makes the folder that `--report` names: better known before an hour of builds than after it.
 * @throws CommandError (exit 2) when nothing can be written there
 */
export async function writableFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw new CommandError(
      "not-written",
      `--report ${folder}: no evidence can be written there (${errorText(error)}); give another folder`,
    );
  }
}
