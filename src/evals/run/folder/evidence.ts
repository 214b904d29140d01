import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../../system/error.ts";
import { byBytes, listTree, sha256 } from "../../../world/content/listing.ts";
import { isUnfinished, replaceFile } from "./durable.ts";
import { treeHashes } from "./tree-hashes.ts";

/** What an attempt left behind, with the hashes by which it is told whether somebody changed it since. */

/** In the format of sha256sum(1), so that `sha256sum -c` checks it too. */
export const SUMS_FILE = "sha256sums";
/** Hashes that trial.json had when it was committed and when it was graded again, one a line. Not among the sums: it is written later. */
export const ROW_SUMS_FILE = "trial.sha256";

const NOT_SUMMED: ReadonlySet<string> = new Set([SUMS_FILE, ROW_SUMS_FILE]);
/** The lists themselves, and what a killed process left of one: neither is evidence. */
const isList = (path: string): boolean =>
  NOT_SUMMED.has(path) || (isUnfinished(path) && [...NOT_SUMMED].some((list) => path.startsWith(`${list}.`)));

const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

/** Writes down the hash of every file of an attempt. @returns hash of the list, hex */
export async function sealEvidence(attempt: string): Promise<string> {
  const leaves = (await listTree(attempt)).filter(({ path }) => !isList(path));
  const text = leaves.map((leaf) => `${leaf.sha256}  ${leaf.path}\n`).join("");
  await replaceFile(join(attempt, SUMS_FILE), text);
  return sha256(text);
}

/** Logs of later gradings: until their row is written they belong to nothing. */
const LATER = /^verify-\d+\//;

/**
 * Lists what a later grading added. The list only grows, so that a row that was committed with a shorter one is still whole.
 * @returns hash of the list, hex
 */
export async function addEvidence(attempt: string): Promise<string> {
  const file = join(attempt, SUMS_FILE);
  const before = readText(file) ?? "";
  const named = new Set(sumsIn(before).map(({ path }) => path));
  const added = (await listTree(attempt)).filter(({ path }) => !isList(path) && !named.has(path));
  const text = `${before}${added.map((leaf) => `${leaf.sha256}  ${leaf.path}\n`).join("")}`;
  await replaceFile(file, text);
  return sha256(text);
}

/** What no longer is as it was sealed; empty where all is. `expected` is the list's hash in the trial's row. */
export function alteredEvidence(attempt: string, expected: string): readonly string[] {
  const text = readText(join(attempt, SUMS_FILE));
  if (text === undefined) return [`${join(attempt, SUMS_FILE)} is missing`];
  if (!beginnings(text).some((list) => sha256(list) === expected))
    return [`${join(attempt, SUMS_FILE)} is not the list that the trial was committed with`];
  const sums = sumsIn(text);
  const present = treeHashes(attempt, NOT_SUMMED);
  const named = new Set(sums.map(({ path }) => path));
  return [
    ...sums.flatMap(({ hash, path }) => {
      const now = present.get(path);
      return now === hash ? [] : [`${join(attempt, path)} ${now === undefined ? "is missing" : "was changed"}`];
    }),
    ...[...present.keys()]
      .filter((path) => !named.has(path) && !LATER.test(path) && !isList(path))
      .sort(byBytes)
      .map((path) => `${join(attempt, path)} was added`),
  ];
}

const sumsIn = (text: string): readonly { readonly hash: string; readonly path: string }[] =>
  text.split("\n").flatMap((line) => {
    const [, hash = "", path = ""] = LINE.exec(line) ?? [];
    return path === "" ? [] : [{ hash, path }];
  });

/** The whole list, and what it was before gradings added to it. */
function beginnings(text: string): readonly string[] {
  const lines = text.split("\n").slice(0, -1);
  const first = lines.findIndex((line) => LATER.test(line.slice(66)));
  const counts = first < 0 ? [lines.length] : [lines.length, ...lines.keys()].filter((count) => count >= first);
  return counts.map((count) =>
    lines
      .slice(0, count)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

/** Whether a row's text is one that was committed with this attempt. */
export function isCommittedRow(attempt: string, text: string): boolean {
  const sums = readText(join(attempt, ROW_SUMS_FILE));
  return sums?.split("\n").includes(sha256(text)) ?? false;
}

/** To be called before the row itself is written: a hash without its row harms nothing. */
export async function noteRow(attempt: string, text: string): Promise<void> {
  const file = join(attempt, ROW_SUMS_FILE);
  await replaceFile(file, `${readText(file) ?? ""}${sha256(text)}\n`);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
