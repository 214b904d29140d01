import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Catalogue } from "../../../crq/catalogue/catalogue.ts";
import { describeIgnored, flakeBranches, type Mention, type NextNumber, nextNumber } from "../../../crq/numbering.ts";
import { gitOffline } from "../../../repo/refs/objects.ts";
import { type OtherRefs, readOtherRefs } from "./other-refs.ts";

/** Every CRQ number that is in use anywhere a repository can be asked without network. */
export interface NumbersInUse {
  readonly next: NextNumber | string;
  readonly otherRefs: OtherRefs;
  /** For the person: digits that were taken for no number, and what was not read. */
  readonly notes: readonly string[];
}

/** A flake or lock file of the working tree that is larger, or lies beyond this many, is not read. */
const MAX_FLAKE_BYTES = 2 * 1024 * 1024;
const MAX_FLAKES = 5_000;

/** @param listed names and ids of a list that somebody else keeps */
export async function numbersInUse(
  root: string,
  crqFolder: string,
  catalogue: Catalogue,
  listed: readonly Mention[] = [],
): Promise<NumbersInUse> {
  const [otherRefs, flakes] = await Promise.all([readOtherRefs(root, crqFolder, catalogue), workingFlakes(root)]);
  const next = nextNumber([
    ...(await mentionsOfFolder(root, catalogue)),
    ...listed,
    ...flakes.mentions,
    ...otherRefs.mentions.filter(({ name }) => !isRejected(name)),
  ]);
  const ignored = typeof next === "string" ? undefined : describeIgnored(next.ignored);
  return {
    next,
    otherRefs,
    notes: [...(ignored === undefined ? [] : [ignored]), ...otherRefs.notes, ...flakes.notes],
  };
}

/** A draft that was not accepted has not used its number. */
const isRejected = (name: string): boolean => name.endsWith(".rejected.txt");

async function mentionsOfFolder(root: string, { folder, entries, others, problems }: Catalogue): Promise<readonly Mention[]> {
  const inFolder = (path: string): string => `${folder}/${path}`;
  const reports = await readdir(join(root, folder, "reports")).catch((): string[] => []);
  const names = [...entries.map(({ path }) => inFolder(path)), ...others.map(inFolder), ...problems.map(({ file }) => file)];
  return [
    ...names.filter((name) => !isRejected(name)).map((name): Mention => ({ origin: "file", name })),
    ...reports.map((name): Mention => ({ origin: "file", name: inFolder(`reports/${name}`) })),
    ...entries.flatMap(({ path, summary: { blockId, titleId } }) =>
      [blockId, titleId].flatMap((id): Mention[] =>
        id === undefined ? [] : [{ origin: "document", name: id, where: inFolder(path) }],
      ),
    ),
  ];
}

/** Branches that flakes of the working tree use. What is as in HEAD is read there. */
async function workingFlakes(
  root: string,
): Promise<{ readonly mentions: readonly Mention[]; readonly notes: readonly string[] }> {
  const paths = await flakePaths(root);
  const mentions: Mention[] = [];
  let left = Math.max(0, paths.length - MAX_FLAKES);
  for (const path of paths.slice(0, MAX_FLAKES)) {
    const file = join(root, path);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) continue;
    if (found.size > MAX_FLAKE_BYTES) {
      left += 1;
      continue;
    }
    for (const name of flakeBranches(await readFile(file, "latin1"))) mentions.push({ origin: "flake", name, where: path });
  }
  return {
    mentions,
    notes: left === 0 ? [] : [`${left} Nix or lock files of the working tree were not read (too large, or too many)`],
  };
}

async function flakePaths(root: string): Promise<readonly string[]> {
  const patterns = ["--", "*.nix", "flake.lock", "*/flake.lock"];
  if ((await gitOffline(["rev-parse", "--git-dir"], { cwd: root })) === undefined) return ["flake.nix", "flake.lock"];
  const listed =
    (await gitOffline(["diff-index", "--name-only", "--no-renames", "-z", "HEAD", ...patterns], { cwd: root })) ??
    // No commit yet, or one that a partial clone does not have.
    (await gitOffline(["ls-files", "-z", "--cached", ...patterns], { cwd: root })) ??
    "";
  return listed.split("\0").filter((path) => path !== "");
}
