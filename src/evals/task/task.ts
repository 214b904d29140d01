import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Leaf, listingHash, listTree, UnlistableError } from "../../world/content/listing.ts";
import { type Parsed, parseToml } from "../../world/content/toml.ts";
import type { WorldProblem } from "../../world/problem.ts";
import { type ChecksFile, checksSchema, hackSchema } from "./checks-file.ts";
import { type TaskFile, taskSchema } from "./task-file.ts";

/** One task as it lies on disk: read, checked for its form, and hashed. */
export interface Task {
  readonly directory: string;
  readonly file: TaskFile;
  readonly checks: ChecksFile;
  /** The only text that the agent gets besides the repository. */
  readonly statement: string;
  /** Names of the overlays that solve it: `solution`, then `solution-NAME`. At least one. */
  readonly solutions: readonly string[];
  readonly hacks: readonly Hack[];
  /** Sorted by the bytes of their paths, relative to the folder. */
  readonly leaves: readonly Leaf[];
  /** sha256 over all its files. */
  readonly hash: string;
}

/** A cheat that must fail, and by what. */
export interface Hack {
  readonly name: string;
  /** A tamper rule or a gate. */
  readonly rule: string;
}

/** Where the parts of a task lie. What is below `HIDDEN` never exists in the agent's namespace. */
export const PARTS = {
  task: "task.toml",
  statement: "statement.md",
  repository: "repo",
  afterPatch: "repo.after.patch",
  given: "crq",
  hacks: "hacks",
  checks: "checks",
} as const;
export const HIDDEN: readonly string[] = ["solution", "hacks", "checks"];

const SOLUTION = /^solution(?:-[a-z0-9-]+)?$/;

/** Reads one task folder. Every problem names its file, and line where there is one. */
export async function loadTask(directory: string): Promise<Parsed<Task>> {
  const problem = (path: string, message: string, next: string): WorldProblem => ({ file: join(directory, path), message, next });
  let leaves: readonly Leaf[];
  try {
    leaves = await listTree(directory);
  } catch (error) {
    if (!(error instanceof UnlistableError)) throw error;
    return { ok: false, problems: [{ file: error.path, message: error.message, next: "take it out of the task" }] };
  }
  const read = async <T>(path: string, parse: (file: string, text: string) => Parsed<T>): Promise<Parsed<T>> =>
    leaves.some((leaf) => leaf.path === path && leaf.mode !== "120000")
      ? parse(join(directory, path), await readFile(join(directory, path), "utf8"))
      : { ok: false, problems: [problem(path, "is missing", "write it")] };

  const file = await read(PARTS.task, (name, text) => parseToml(name, text, taskSchema));
  const checks = await read(`${PARTS.checks}/checks.toml`, (name, text) => parseToml(name, text, checksSchema));
  const statement = await read(PARTS.statement, (name, text) =>
    text.trim() === ""
      ? { ok: false, problems: [{ file: name, message: "is empty", next: "say what is wanted" }] }
      : { ok: true, value: text },
  );
  const hackNames = foldersOf(leaves, PARTS.hacks);
  const hacks = await Promise.all(
    hackNames.map(async (name): Promise<Parsed<Hack>> => {
      const parsed = await read(`${PARTS.hacks}/${name}/hack.toml`, (path, text) => parseToml(path, text, hackSchema));
      return parsed.ok ? { ok: true, value: { name, rule: parsed.value.rule } } : parsed;
    }),
  );
  const solutions = topFolders(leaves).filter((name) => SOLUTION.test(name));

  const problems = [file, checks, statement, ...hacks].flatMap((parsed) => (parsed.ok ? [] : parsed.problems));
  if (!leaves.some(({ path }) => path.startsWith(`${PARTS.repository}/`))) {
    problems.push(problem(PARTS.repository, "holds no file", "put the fixture there"));
  }
  if (!solutions.includes("solution")) {
    problems.push(problem("solution", "is missing", "put the files of a correct answer there, laid over the fixture"));
  }
  if (file.ok && file.value.id !== basename(directory)) {
    problems.push(problem(PARTS.task, `its id is "${file.value.id}", its folder "${basename(directory)}"`, "make them equal"));
  }
  if (file.ok && checks.ok) problems.push(...mismatches(directory, file.value, checks.value, leaves));
  if (problems.length > 0 || !file.ok || !checks.ok || !statement.ok) return { ok: false, problems };
  return {
    ok: true,
    value: {
      directory,
      file: file.value,
      checks: checks.value,
      statement: statement.value,
      solutions: [...solutions].sort(),
      hacks: hacks.flatMap((parsed) => (parsed.ok ? [parsed.value] : [])),
      leaves,
      hash: listingHash(leaves),
    },
  };
}

/** What the two files must agree on, and files that checks.toml names and that are not there. */
function mismatches(directory: string, task: TaskFile, checks: ChecksFile, leaves: readonly Leaf[]): readonly WorldProblem[] {
  const file = join(directory, PARTS.checks, "checks.toml");
  const problems: WorldProblem[] = [];
  const changes = task.kind === "apply" || task.kind === "repair" || task.kind === "end-to-end";
  if (changes && task.tier >= 1) {
    if (checks.mutate.length === 0)
      problems.push({
        file,
        message: `a task of kind ${task.kind} and tier ${task.tier} has no mutation`,
        next: "add [[mutate]]",
      });
    if (!checks.case.some(({ set }) => set === "shadow"))
      problems.push({
        file,
        message: `a task of kind ${task.kind} and tier ${task.tier} has no shadow case`,
        next: "add a case whose input no text shows",
      });
  }
  if (task.kind === "draft" && checks.draft === undefined)
    problems.push({ file, message: "a draft has no [draft]", next: "add it" });
  for (const name of namedFiles(checks)) {
    if (!leaves.some(({ path }) => path === `${PARTS.checks}/${name}`))
      problems.push({
        file,
        message: `names ${name}, which is not in ${PARTS.checks}/`,
        next: "add the file, or correct the name",
      });
  }
  return problems;
}

function namedFiles(checks: ChecksFile): readonly string[] {
  const ofCases = checks.case.flatMap((one) => [
    ...(one.stdin === undefined ? [] : [one.stdin]),
    ...Object.values(one.files),
    ...[one.stdout, one.stderr].flatMap((text) => (text !== undefined && "file" in text ? [text.file] : [])),
  ]);
  return [...ofCases, ...checks.mutate.flatMap(({ patch, expect }) => [patch, ...Object.values(expect)]), ...checks.custom];
}

const topFolders = (leaves: readonly Leaf[]): readonly string[] => [
  ...new Set(leaves.flatMap(({ path }) => (path.includes("/") ? [path.slice(0, path.indexOf("/"))] : []))),
];

const foldersOf = (leaves: readonly Leaf[], folder: string): readonly string[] =>
  topFolders(
    leaves.flatMap((leaf) => (leaf.path.startsWith(`${folder}/`) ? [{ ...leaf, path: leaf.path.slice(folder.length + 1) }] : [])),
  );
