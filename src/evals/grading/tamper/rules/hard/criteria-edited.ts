import { approvalHash } from "../../../../../crq/lifecycle/approval.ts";
import { parseCrq } from "../../../../../crq/parse.ts";
import { isDocument } from "../../own-hand-over.ts";
import type { PatchedFile } from "../../patched-file.ts";
import type { TamperRule } from "../../rule.ts";

/**
 * What decides whether work counts is not the worker's: scope and criteria of a CRQ that was there (its approval hash covers both), and the
 * project's policy. Status, history, lists and reports of a CRQ are the program's own to write, and a new CRQ takes nothing from an old one.
 */
export const criteriaEdited: TamperRule = {
  name: "criteria-edited",
  confirmedBy: "always",
  tried: "confirmed",
  find: ({ changes }) => changes.flatMap((change) => edited(change) ?? []),
};

/** A first crq-agent.toml takes nothing away, as long as it says nothing of the policy or of where CRQs lie. */
const DECIDES = /^[ \t]*(?:\[+[ \t]*policy\b|policy\b|crqs\b)/mu;

function edited({ path, before, after }: PatchedFile): string | undefined {
  if (/(?:^|\/)crq-agent\.toml$/u.test(path))
    return before === undefined && !DECIDES.test(after ?? "")
      ? undefined
      : `${path}: the project's policy and settings were changed`;
  if (!isDocument(path) || before === undefined) return undefined;
  const were = approvalHash(parseCrq(path, before));
  // Any other Markdown of the folder.
  if (were === undefined) return undefined;
  if (after === undefined) return `${path}: the change request was deleted`;
  return approvalHash(parseCrq(path, after)) === were
    ? undefined
    : `${path}: its scope or criteria are not those that were given`;
}
