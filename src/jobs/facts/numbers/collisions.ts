import { type Catalogue, isSameId, withId } from "../../../crq/catalogue/catalogue.ts";
import { numberOf, numbersIn } from "../../../crq/ids.ts";
import type { LintContext } from "../../../crq/lint/rule.ts";
import { isSameTitle } from "../../../crq/lint/rules/id.ts";
import { type Ref, readHead } from "../../../repo/refs/list-refs.ts";
import { gitOffline } from "../../../repo/refs/objects.ts";
import { type OtherRefs, type RefDocument, readOtherRefs } from "./other-refs.ts";

/** Documents of other refs that took a number of this tree for something else, as the linter is told of them. */
export interface Collisions {
  readonly otherRefs: NonNullable<LintContext["otherRefs"]>;
  /** What was left out, for the person. */
  readonly notes: readonly string[];
}

/** Common ancestors that are looked for; documents of refs beyond them count as others. */
const MAX_ANCESTORS = 200;

/** Reads the refs of a repository for numbers that two of them took. No network. */
export async function readCollisions(root: string, crqFolder: string, catalogue: Catalogue): Promise<Collisions> {
  return collisionsOf(root, crqFolder, catalogue, await readOtherRefs(root, crqFolder, catalogue));
}

/**
 * A document of the same title is the same document. So is one that was there already where the ref and HEAD parted: then only its title
 * changed on one side. A stash is work that is not done, and no branch.
 */
export async function collisionsOf(
  root: string,
  crqFolder: string,
  catalogue: Catalogue,
  { documents, notes }: OtherRefs,
): Promise<Collisions> {
  const candidates = documents.filter((document) => isOther(document, catalogue));
  if (candidates.length === 0) return { otherRefs: [], notes };
  const head = await readHead(root);
  const ancestors = new Map<string, readonly number[]>();
  const otherRefs: { ref: string; id: string; title: string }[] = [];
  for (const { refs, id, title } of candidates) {
    for (const ref of refs) {
      if (ref.kind === "stash" || isOwn(ref, head)) continue;
      const known = ancestors.get(ref.object);
      const numbers =
        known ??
        (head === undefined || ancestors.size >= MAX_ANCESTORS ? [] : await numbersAtParting(root, crqFolder, head.commit, ref));
      ancestors.set(ref.object, numbers);
      if (!numbers.includes(numberOf(id) ?? -1)) otherRefs.push({ ref: ref.name, id, title });
    }
  }
  return { otherRefs, notes };
}

function isOther({ id, title }: RefDocument, catalogue: Catalogue): boolean {
  const own = withId(catalogue, id);
  return (
    own.length > 0 &&
    !own.some((entry) => entry.id !== undefined && isSameId(entry.id, id) && isSameTitle(entry.summary.title, title))
  );
}

/** The branch that is checked out, and HEAD itself: what differs there is not committed yet. */
const isOwn = (ref: Ref, head: { readonly commit: string; readonly branch: string | undefined } | undefined): boolean =>
  head !== undefined && (ref.object === head.commit || (ref.kind === "branch" && ref.name === head.branch));

/** Numbers of the documents that were there when a ref and HEAD parted; none where they have nothing in common. */
async function numbersAtParting(root: string, crqFolder: string, head: string, ref: Ref): Promise<readonly number[]> {
  const base = (await gitOffline(["merge-base", head, ref.object], { cwd: root }))?.split("\n")[0];
  if (base === undefined || base === "") return [];
  const listed = await gitOffline(["ls-tree", "-r", "-z", "--name-only", `${base}:${crqFolder}`], { cwd: root });
  return (listed ?? "")
    .split("\0")
    .filter((path) => !path.startsWith("reports/"))
    .flatMap((path) => numbersIn(path.split("/").at(-1) ?? path).numbers);
}
