import { posix } from "node:path";
import type { Event } from "../../../agent/events.ts";
import { toolArguments } from "../../../tools/contract.ts";
import type { TamperTexts } from "./hidden-texts.ts";
import type { PatchedFile } from "./patched-file.ts";

/**
 * What was proposed, whether it was taken or refused, as changes of the files that were given. A proposal that builds on an earlier one and does
 * not fit the given text is left out: what was taken of it stands in the patch.
 */
export function attemptedFiles(events: readonly Event[], { shown }: TamperTexts): readonly PatchedFile[] {
  const given = new Map(shown.map(({ place, text }) => [givenPath(place), text]));
  return events.flatMap((event) => {
    if (event.type !== "call" || event.call.tool !== "propose_edit") return [];
    const edits = toolArguments.propose_edit.safeParse(fromJson(event.call.arguments)).data?.edits ?? [];
    return edits.flatMap((edit): PatchedFile[] => {
      // Another name for the same file is the same file.
      const path = posix.normalize(edit.path);
      const before = given.get(path);
      const file = (after: string | undefined): PatchedFile => ({ path, before, after, binary: false });
      if ("create" in edit) return [file(edit.create)];
      // As it was given.
      if ("restore" in edit) return [];
      if ("delete" in edit || "move" in edit) return before === undefined ? [] : [file(undefined)];
      const { old, new: text } = edit.replace;
      return before?.includes(old) ? [file(before.replace(old, () => text))] : [];
    });
  });
}

/** Where a part of the task lies in the repository that the agent gets. */
const givenPath = (place: string): string =>
  place
    .replace(/^repo\//u, "")
    .replace(/^crq\/docs\//u, "docs/")
    .replace(/^crq\//u, "crqs/");

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A malformed call proposed nothing.
    return undefined;
  }
}
