import { lstat, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generateIndex, generateList } from "../../crq/catalogue/generated.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import type { Crq } from "../../crq/model.ts";
import {
  type CommitText,
  changedPaths,
  commitForPerson,
  diffForPeople,
  type HandOver,
  handOverBranch,
  handOverFiles,
  handOverPatch,
} from "../../repo/workspace/hand-over.ts";
import { insideJail, nameInJail } from "../../repo/workspace/jail.ts";
import { snapshot, type Workspace } from "../../repo/workspace/workspace.ts";
import { git } from "../../system/git.ts";

/** How the person wants the result. */
export type HandOverForm =
  | { readonly form: "branch"; readonly name: string | undefined }
  | { readonly form: "patch"; readonly path: string };

export interface HandOverInput {
  readonly workspace: Workspace;
  readonly crq: Crq;
  /** Of the CRQ inside the repository, for instance `crqs/CRQ-001-x.md`. */
  readonly crqPath: string;
  readonly crqFolder: string;
  /** Tree on which every criterion was run: what is committed is that and the documents. */
  readonly proven: string;
  /** File name to text: report.json, report.md. */
  readonly reports: Readonly<Record<string, string>>;
  readonly form: HandOverForm;
  readonly identity: { readonly name: string; readonly email: string };
  /** `crq-agent@0.1.0/rules`. */
  readonly assistedBy: string;
  /** Criteria that a person has still to answer; every other one was proven. */
  readonly waiting: readonly string[];
}

export interface HandedOver {
  readonly handOver: HandOver;
  readonly commit: string;
  /** Unified diff with its summary, capped, for people. */
  readonly diff: string;
  /** Files of the commit that lie uncommitted in the person's checkout: git will not merge over them. */
  readonly inTheWay: readonly string[];
}

/** Adds the CRQ with its approval, the lists and the report to the work, makes one commit of it and hands that over. */
export async function handOver(input: HandOverInput): Promise<HandedOver> {
  const { workspace, crq, crqFolder } = input;
  const id = crq.metadata?.id ?? "CRQ";
  const documents = [await put(workspace, input.crqPath, crq.source)];
  for (const [name, text] of Object.entries(input.reports))
    documents.push(await put(workspace, join(crqFolder, "reports", id, name), text));
  const catalogue = await readCatalogue(workspace.directory, crqFolder);
  documents.push(await put(workspace, join(crqFolder, "list.txt"), generateList(catalogue)));
  const indexPath = join(crqFolder, "INDEX.md");
  const existing = await readFile(join(workspace.directory, indexPath), "utf8").catch(() => undefined);
  const index = generateIndex(catalogue, existing);
  if ("text" in index) documents.push(await put(workspace, indexPath, index.text));
  return commitAndGive({ ...input, documents, branch: crq.metadata?.branch ?? `feature/${id}` }, commitText(input));
}

/** What a change without a CRQ says of itself. */
export interface WorkText {
  readonly subject: string;
  readonly body: string;
  /** Wished name of the branch. */
  readonly branch: string;
}

type Common = Pick<HandOverInput, "workspace" | "crqFolder" | "form" | "identity" | "proven">;

/** The work alone: one commit, without a document that asked for it. */
export function handOverWork(input: Common & WorkText & Pick<HandOverInput, "assistedBy">): Promise<HandedOver> {
  const { subject, body, assistedBy } = input;
  return commitAndGive({ ...input, documents: [] }, { subject, body, trailers: [["Assisted-by", assistedBy]] });
}

/** @param input `documents`: paths that were written since the proof */
async function commitAndGive(
  input: Common & Pick<WorkText, "branch"> & { readonly documents: readonly string[] },
  text: CommitText,
): Promise<HandedOver> {
  const { workspace } = input;
  const { tree } = await snapshot(workspace);
  await requireProven(input, tree);
  const commit = await commitForPerson(workspace, tree, text, input.identity);
  const diff = await diffForPeople(workspace, commit, input.crqFolder);
  const changed = await changedPaths(workspace, commit);
  const inTheWay = workspace.git
    ? changed.filter((path) =>
        workspace.uncommitted.some((open) => path === open || (open.endsWith("/") && path.startsWith(open))),
      )
    : [];
  return { handOver: await give(input, commit), commit, diff, inTheWay };
}

async function give({ workspace, form, branch }: Common & Pick<WorkText, "branch">, commit: string): Promise<HandOver> {
  if (form.form === "patch") return handOverPatch(workspace, commit, form.path);
  if (!workspace.git) return handOverFiles(workspace, commit);
  return handOverBranch(workspace, commit, form.name ?? branch);
}

function commitText({ crq, assistedBy, waiting }: HandOverInput): CommitText {
  const { metadata } = crq;
  const criteria = crq.criteria
    .filter(({ id, withdrawn }) => withdrawn === undefined && !waiting.includes(id))
    .map(({ id }) => id);
  return {
    subject: metadata?.title ?? "Apply a change request",
    body:
      waiting.length === 0
        ? `Every criterion of ${metadata?.id ?? "the CRQ"} was proven on a fresh copy of this tree; the report\nlies beside the CRQ.`
        : `The criteria named below were proven on a fresh copy of this tree; the report lies\nbeside the CRQ. A person has still to answer for ${waiting.join(", ")}.`,
    trailers: [
      ["CRQ", metadata?.id ?? "?"],
      ["AC", criteria.join(", ")],
      ["Assisted-by", assistedBy],
    ],
  };
}

/** Nobody works in the copy between its proof and this; should something have changed there all the same, nothing of it was proven. */
async function requireProven(
  { workspace, proven, documents }: Common & { readonly documents: readonly string[] },
  tree: string,
): Promise<void> {
  const listed = await git(["diff", "--name-only", "--no-renames", "-z", proven, tree], { cwd: workspace.directory });
  const others = listed.split("\0").filter((path) => path !== "" && !documents.includes(path));
  if (others.length > 0)
    throw new Error(`${others.slice(0, 5).join(", ")} changed after the criteria were run on ${proven}; nothing was handed over`);
}

/** A link is replaced and not followed: what it leads to was proven as it is. @returns the file's own name */
async function put(workspace: Workspace, path: string, text: string): Promise<string> {
  const absolute = await insideJail(workspace.directory, path);
  if (
    await lstat(absolute).then(
      (found) => found.isSymbolicLink(),
      () => false,
    )
  )
    await rm(absolute);
  await mkdir(dirname(absolute), { recursive: true });
  await writeFile(absolute, text);
  return nameInJail(workspace.directory, path);
}
