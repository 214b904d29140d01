import { isDeepStrictEqual } from "node:util";
import type { Crq, Metadata } from "../model.ts";
import { readDocument } from "../parse/document.ts";
import { parseCrq } from "../parse.ts";
import { metadataEntries } from "../render/blocks.ts";
import { applyEdits, type Written } from "./edits.ts";
import { keyEdits } from "./keys.ts";

/** Keys of the metadata block to set; `null` removes the key. */
export type MetadataChange = {
  readonly [Key in ChangedKey]?: Metadata[Key] | null;
};
type ChangedKey =
  | "id"
  | "title"
  | "status"
  | "branch"
  | "approval"
  | "evidence"
  | "dependsOn"
  | "related"
  | "supersedes"
  | "supersededBy"
  | "target";

const FILE_KEYS: Readonly<Record<keyof MetadataChange, string>> = {
  id: "id",
  title: "title",
  status: "status",
  branch: "branch",
  approval: "approval",
  evidence: "evidence",
  dependsOn: "depends-on",
  related: "related",
  supersedes: "supersedes",
  supersededBy: "superseded-by",
  target: "target",
};
const KEYS: readonly (keyof MetadataChange)[] = [
  "id",
  "title",
  "status",
  "target",
  "branch",
  "dependsOn",
  "related",
  "supersedes",
  "supersededBy",
  "approval",
  "evidence",
];

/**
 * Sets keys of the metadata block. Only the statements of those keys change; comments, order, line endings and everything else stay as
 * they are. The result is read back: a change that did not take is a `problem`, never a damaged file.
 */
export function setMetadata(crq: Crq, change: MetadataChange): Written {
  const { metadata } = crq;
  const document = readDocument(crq.path, crq.source);
  const line = document.metadataBlock?.place.line;
  if (metadata === undefined || line === undefined) {
    return { problem: `${crq.path}: there is no valid metadata block to edit; run \`crq-agent lint\`` };
  }
  const keys = KEYS.filter((key) => change[key] !== undefined);
  const removed = keys.filter((key) => change[key] === null);
  const wanted = Object.fromEntries(
    Object.entries({ ...metadata, ...given(change) }).filter(([key]) => !removed.some((name) => name === key)),
  );
  const values = new Map(metadataEntries(given(change)));
  const edits = keys.flatMap((key) => keyEdits(document, FILE_KEYS[key], values.get(FILE_KEYS[key])));
  const source = applyEdits(crq.source, edits);
  return isDeepStrictEqual(parseCrq(crq.path, source).metadata, wanted)
    ? { source }
    : { problem: `${crq.path}:${line}: the metadata block could not be edited; set the keys by hand` };
}

/** The change without the keys it removes. */
function given(change: MetadataChange): Partial<Metadata> {
  const { id, title, status, branch, approval, evidence, dependsOn, related, supersedes, supersededBy, target } = change;
  return {
    ...(id && { id }),
    ...(title && { title }),
    ...(status && { status }),
    ...(branch && { branch }),
    ...(approval && { approval }),
    ...(evidence && { evidence }),
    ...(dependsOn && { dependsOn }),
    ...(related && { related }),
    ...(supersedes && { supersedes }),
    ...(supersededBy && { supersededBy }),
    ...(target && { target }),
  };
}
