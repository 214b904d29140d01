import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { tryGit } from "../system/git.ts";
import { cargoWeakenings, isCargoFile } from "./weakening/cargo/cargo-text.ts";
import { narrowedManifests, wasUnreadable } from "./weakening/cargo/narrowed.ts";
import { ciWeakenings, lostSteps } from "./weakening/ci-text.ts";
import { losesDeeds, lostParts } from "./weakening/nix-parts.ts";
import { checkNames, nixWeakenings } from "./weakening/nix-text.ts";
import { lostOtherTests } from "./weakening/other-tests.ts";
import { idleTargets, ignoredFailures, isTestFile, scriptWeakenings } from "./weakening/other-text.ts";
import type { ChangedText, Occurrence, WeakeningPattern } from "./weakening/patterns.ts";
import { lostTests } from "./weakening/rust/rust-text.ts";
import { isUnused } from "./weakening/unused.ts";

/** Changes that make a check prove less (crq-format §7, point 7). A finding is no verdict: a person may waive it by its pattern's name. */

export interface Weakening {
  readonly pattern: WeakeningPattern;
  readonly file: string;
  /** In the file as it is now; 1 for what was removed. */
  readonly line: number;
  /** Name of the test, check, step or setting it is about, where it has one. */
  readonly what?: string;
  /** See Occurrence. */
  readonly packs?: true;
}

const PROSE = /\.(?:md|markdown|mdx|rst|adoc)$|(?<!\/CMakeLists|^CMakeLists)\.txt$/iu;
const MAX_BYTES = 2 * 1024 * 1024;

/** What one file's change weakens. @param path relative to the repository; undefined texts: no such file */
export function weakeningsOf(path: string, before: string | undefined, after: string | undefined): readonly Weakening[] {
  return weakeningsOfChange([{ path, before, after }]);
}

/** What a change weakens. What went from one of its files to another was moved, not added or taken away. */
export function weakeningsOfChange(files: readonly ChangedText[]): readonly Weakening[] {
  const judged = files.filter(
    ({ path, before, after }) =>
      !PROSE.test(path) &&
      (before ?? "").length <= MAX_BYTES &&
      (after ?? "").length <= MAX_BYTES &&
      !wasUnreadable({ path, before, after }),
  );
  const used = judged.filter(({ unused }) => unused !== true);
  const added = across(judged, (path, text) => occurrences(path, text), "added");
  const isJoin = !added.some(({ joins }) => joins) || !losesDeeds(judged);
  const found: Found[] = [
    ...added.filter(({ joins }) => !(joins && isJoin)),
    ...across(used, (path, text) => named(path, text), "removed"),
    ...judged.flatMap(({ path, before = "", after = "" }) =>
      [...lostSteps(path, before, after), ...ignoredFailures(path, before, after), ...idleTargets(path, before, after)].map(
        (one) => ({ ...one, file: path }),
      ),
    ),
    ...lostParts(used),
    ...narrowedManifests(judged),
    ...lostTests(judged),
    ...lostOtherTests(judged),
    ...lostTestFiles(judged),
    ...judged.flatMap(newExceptions),
  ];
  const order = new Map(judged.map(({ path }, at) => [path, at]));
  return found
    .sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0))
    .map(({ pattern, file, line, what, packs }) => ({
      pattern,
      file,
      line,
      ...(what !== undefined && { what }),
      ...(packs && { packs }),
    }));
}

type Found = Occurrence & { readonly file: string };

function occurrences(path: string, text: string): readonly Occurrence[] {
  if (path.endsWith(".nix")) return nixWeakenings(text);
  if (isCargoFile(path)) return cargoWeakenings(path, text);
  return [...scriptWeakenings(path, text), ...ciWeakenings(path, text)];
}

const named = (path: string, text: string): readonly Occurrence[] =>
  path.endsWith(".nix") ? checkNames(text).map((key) => ({ pattern: "check removed", key, line: 1, what: key })) : [];

/** Occurrences that one side has beyond the other, counted over all files: `added` names those of the new texts, `removed` those of the old. */
function across(
  files: readonly ChangedText[],
  look: (path: string, text: string) => readonly Occurrence[],
  which: "added" | "removed",
): readonly Found[] {
  const of = (side: "before" | "after"): readonly Found[] =>
    files.flatMap(({ path, [side]: text }) => look(path, text ?? "").map((one) => ({ ...one, file: path })));
  const [reference, subject] = which === "added" ? [of("before"), of("after")] : [of("after"), of("before")];
  // The same file first, so that the one that stays is not taken for the one that is new.
  return beyond(beyond(subject, reference, true), leftOver(reference, subject), false);
}

const keyOf = ({ pattern, key, file }: Found, byFile: boolean): string => JSON.stringify([pattern, key, byFile ? file : ""]);

function beyond(subject: readonly Found[], reference: readonly Found[], byFile: boolean): readonly Found[] {
  const left = new Map<string, number>();
  for (const one of reference) left.set(keyOf(one, byFile), (left.get(keyOf(one, byFile)) ?? 0) + 1);
  return subject.filter((one) => {
    const count = left.get(keyOf(one, byFile)) ?? 0;
    left.set(keyOf(one, byFile), count - 1);
    return count <= 0;
  });
}

const leftOver = (reference: readonly Found[], subject: readonly Found[]): readonly Found[] => beyond(reference, subject, true);

/** Files of tests in languages that are not read here, gone with all they held. */
function lostTestFiles(files: readonly ChangedText[]): readonly Found[] {
  const texts = new Set(files.filter(({ before }) => before === undefined).map(({ after }) => after));
  return files
    .filter(({ path, before, after }) => isTestFile(path) && after === undefined && before !== undefined && before.trim() !== "")
    .filter(({ path, before }) => !texts.has(before) && !(path.endsWith(".rs") && /#\s*\[/u.test(before ?? "")))
    .map(({ path }) => ({ pattern: "test removed", file: path, line: 1, key: path, what: path }));
}

const policySchema = z.object({
  policy: z.object({ inputs: z.object({ exception: z.array(z.object({ url: z.string() })).optional() }).optional() }).optional(),
});

function newExceptions({ path, before = "", after = "" }: ChangedText): readonly Found[] {
  if (!/(?:^|\/)crq-agent\.toml$/u.test(path)) return [];
  const were = new Set(exceptions(before));
  return exceptions(after)
    .filter((url) => !were.has(url))
    .map((url) => ({ pattern: "policy exception added", file: path, line: 1, key: url, what: url }));
}

function exceptions(text: string): readonly string[] {
  try {
    return (policySchema.parse(parseToml(text)).policy?.inputs?.exception ?? []).map(({ url }) => url);
  } catch {
    // What does not parse is the configuration reader's to report; it allows nothing.
    return [];
  }
}

/** What the work since `base` weakens. @param changed paths relative to `directory` */
export async function findWeakenings(directory: string, base: string, changed: readonly string[]): Promise<readonly Weakening[]> {
  return weakeningsOfChange(await changedTexts(directory, base, changed));
}

/** @param changed paths relative to `directory` that differ from `base` */
export function changedTexts(directory: string, base: string, changed: readonly string[]): Promise<readonly ChangedText[]> {
  return Promise.all(
    changed
      .filter((path) => !PROSE.test(path))
      .map(async (path): Promise<ChangedText> => {
        const before = await tryGit(["show", `${base}:${path}`], { cwd: directory, maxOutputBytes: 2 * MAX_BYTES });
        const after = await readFile(join(directory, path), "utf8").catch(() => undefined); // deleted, or a folder
        return textSince({ path, before: before.exit === 0 ? before.stdout : undefined, after }, directory, base);
      }),
  );
}

/** One file's texts with what the base says of it; a file that is there still is judged whatever refers to it. */
export async function textSince(text: ChangedText, directory: string, base: string): Promise<ChangedText> {
  const gone = text.before !== undefined && text.after === undefined;
  return gone && (await isUnused(directory, base, text.path)) ? { ...text, unused: true } : text;
}
