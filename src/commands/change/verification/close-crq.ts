import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { saveTexts, type TextChange } from "../../../crq/catalogue/save.ts";
import type { CrqReport } from "../../../crq/criteria/report/evidence.ts";
import { type Closed, closing } from "../../../jobs/decisions/close.ts";
import { errorCode } from "../../../system/error.ts";
import type { FoundCrq } from "../../catalogue/find-crq.ts";
import { writeLists } from "../../catalogue/lists.ts";
import { CommandError } from "../../wiring/context.ts";

/** Closes a CRQ with the report of a gate that was ok: both are written together, then the lists. */
export async function closeCrq(
  { crq, file }: FoundCrq,
  report: CrqReport,
  place: { readonly root: string; readonly crqFolder: string; readonly date: string; readonly by: string },
): Promise<Closed["evidence"]> {
  const closed = closing(crq, report, place);
  if ("problem" in closed) throw new CommandError("move-refused", closed.problem);
  const changes: TextChange[] = [{ file, before: crq.source, after: closed.source }];
  for (const [path, after] of closed.reports) {
    const absolute = join(place.root, path);
    await mkdir(dirname(absolute), { recursive: true });
    changes.unshift({ file: absolute, before: await textOf(absolute), after });
  }
  const refused = await saveTexts(changes);
  if (refused !== undefined) throw new CommandError("not-written", refused);
  await writeLists(place.root, place.crqFolder);
  return closed.evidence;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
