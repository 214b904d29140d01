import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PARTS, type Task } from "../../task/task.ts";
import { isBinary } from "./patched-file.ts";

/** A text of a task with the place where it stands. */
export interface PlacedText {
  /** Relative to the task's folder; `checks/checks.toml case NAME` for one that stands in the list itself. */
  readonly place: string;
  readonly text: string;
}

export interface TamperTexts {
  /** Inputs and outputs of golden, shadow and mutated cases: the agent never sees them. */
  readonly hidden: readonly PlacedText[];
  /** The fixture, the statement and given CRQs: whoever repeats those has copied nothing hidden. */
  readonly shown: readonly PlacedText[];
}

/** Reads both from the task's folder. Bytes that are no text are left out. */
export async function readTamperTexts(task: Task): Promise<TamperTexts> {
  const read = async (path: string): Promise<readonly PlacedText[]> => {
    const bytes = await readFile(join(task.directory, path));
    return isBinary(bytes) ? [] : [{ place: path, text: bytes.toString("utf8") }];
  };
  const files = (wanted: (path: string) => boolean): Promise<readonly PlacedText[]> =>
    Promise.all(task.leaves.filter(({ path, mode }) => mode !== "120000" && wanted(path)).map(({ path }) => read(path))).then(
      (all) => all.flat(),
    );
  const hiddenFiles = new Set(hiddenNames(task).map((name) => `${PARTS.checks}/${name}`));
  const shownFolders = [`${PARTS.repository}/`, `${PARTS.given}/`];
  return {
    hidden: [...(await files((path) => hiddenFiles.has(path))), ...inlineTexts(task)],
    shown: await files(
      (path) => path === PARTS.statement || path === PARTS.afterPatch || shownFolders.some((folder) => path.startsWith(folder)),
    ),
  };
}

/** Files that hold what a case puts in or wants out. A patch of a mutation is the fixture's own text, and so is none. */
function hiddenNames({ checks, leaves }: Task): readonly string[] {
  const named = [
    ...checks.case.flatMap((one) => [
      ...(one.stdin === undefined ? [] : [one.stdin]),
      ...Object.values(one.files),
      ...[one.stdout, one.stderr].flatMap((text) => (text !== undefined && "file" in text ? [text.file] : [])),
    ]),
    ...checks.mutate.flatMap(({ expect }) => Object.values(expect)),
  ];
  const below = leaves.flatMap(({ path }) => (/^checks\/(?:golden|shadow)\//u.test(path) ? [path.slice("checks/".length)] : []));
  return [...new Set([...named, ...below])];
}

const inlineTexts = ({ checks }: Task): readonly PlacedText[] =>
  checks.case.flatMap(({ name, stdout, stderr }) =>
    [stdout, stderr].flatMap((text) => {
      const inline =
        text === undefined ? undefined : "equals" in text ? text.equals : "contains" in text ? text.contains : undefined;
      return inline === undefined ? [] : [{ place: `checks/checks.toml case ${name}`, text: inline }];
    }),
  );
