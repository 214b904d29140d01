import type { Diagnosis } from "../../nix/diagnosis.ts";
import { codeEdit } from "../../nix/mechanics/code/cures.ts";
import type { Survey } from "../../repo/facts.ts";

/** Mends a fault of a flake where it stands. */

export interface TextRepair {
  readonly text: string;
  readonly why: string;
}

/**
 * The smallest change of flake.nix that cures a diagnosis, by the edits that the mechanics make too; undefined where none is known. Here a
 * likely cure will do: it is a proposal, which the gate judges.
 */
export function repairText(text: string, diagnosis: Diagnosis, { files, cargo }: Survey): TextRepair | undefined {
  const root = cargo?.packages.find(({ directory }) => directory === ".");
  const edit = codeEdit(diagnosis, {
    files: [{ path: "flake.nix", text }],
    tracked: files,
    guess: true,
    ...(root && { rootPackage: root.name }),
  });
  return edit && { text: edit.after, why: edit.what };
}
