import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { saveText } from "../../../crq/catalogue/save.ts";
import { errorCode } from "../../../system/error.ts";
import { writeLists } from "../../catalogue/lists.ts";
import { CommandError } from "../../wiring/context.ts";

/** Where a drafted document comes to lie. */
export interface DraftPlace {
  readonly root: string;
  readonly crqFolder: string;
  /** File name inside the CRQ folder. */
  readonly name: string;
  /** Of the session's journal. */
  readonly sessionFolder: string;
}

/** @returns its path in the repository; never an existing file: then it is kept beside its journal, since it may have cost money */
export async function writeDraft({ root, crqFolder, name, sessionFolder }: DraftPlace, markdown: string): Promise<string> {
  const folder = join(root, crqFolder);
  await mkdir(folder, { recursive: true });
  const refused = await saveText(join(folder, name), undefined, markdown);
  if (refused !== undefined) {
    const kept = join(sessionFolder, name);
    await writeFile(kept, markdown);
    throw new CommandError("not-written", `${refused}. The draft is kept as ${kept}`);
  }
  await writeLists(root, crqFolder);
  return join(crqFolder, name);
}

/** @returns its path in the repository; none is written over, as somebody may be mending it */
export async function keepRejected(
  { root, crqFolder, name }: Omit<DraftPlace, "sessionFolder">,
  markdown: string,
): Promise<string> {
  await mkdir(join(root, crqFolder), { recursive: true });
  for (let nth = 1; ; nth++) {
    const path = join(crqFolder, `${name}${nth === 1 ? "" : `.${nth}`}.rejected.txt`);
    try {
      await writeFile(join(root, path), markdown, { flag: "wx" });
      return path;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}
