import { chmod, lstat, open, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../../../system/error.ts";
import { type Settings, STEP_CALL, standInsOf, writeWhole } from "./recording.ts";

/**
 * Programs that the build makes and then runs by path (a build script, a generator) pass no wrapper. So a script stands in for each until the
 * recording ends: it hands its call to the recorder, which starts the real program beside it.
 */

const MARK = "# crq-agent steps record: stands in for the program beside it until the recording has ended";
/** Bytes of a stand-in at most. */
export const LARGEST = 4096;

export interface StandIn {
  readonly path: string;
  readonly real: string;
}

/** Before the name of a program that a stand-in stands for. */
const REAL = ".crq-real-";

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Puts a script in the place of a program that was just linked. Files that are no native programs stay as they are. */
export async function standInFor(path: string, folder: string, { program }: Settings): Promise<void> {
  if (!(await isProgram(path))) return;
  const { mode, atime, mtime } = await stat(path);
  const real = join(dirname(path), `${REAL}${basename(path)}`);
  await writeWhole(standInsOf(folder), { path, real } satisfies StandIn);
  await rename(path, real);
  const script = [
    "#!/bin/sh",
    MARK,
    `real=${quoted(real)}`,
    `if [ ! -e "$real" ]; then exec ${quoted(path)} "$@"; fi`,
    `if [ -n "\${CRQ_STEPS_INSIDE:-}" ] || [ ! -d ${quoted(folder)} ]; then exec "$real" "$@"; fi`,
    ...descriptorLines,
    `exec ${program.map(quoted).join(" ")} ${STEP_CALL} ${quoted(folder)} .run "$real" ${quoted(path)} "$0" "$@"`,
    "",
  ].join("\n");
  await writeFile(path, script);
  await chmod(path, mode);
  // cargo and make compare times.
  await utimes(path, atime, mtime);
}

/** Which of the low descriptors were handed down: Node closes those it does not know of. */
export const descriptorLines: readonly string[] = [
  "CRQ_STEPS_DESCRIPTORS=",
  'for n in 3 4 5 6 7 8 9; do if [ -e "/dev/fd/$n" ]; then CRQ_STEPS_DESCRIPTORS="$CRQ_STEPS_DESCRIPTORS $n"; fi; done',
  "export CRQ_STEPS_DESCRIPTORS",
];

/** Lines of sh that run `$then` words when one of the arguments is a stand-in. */
export const standInTest = (then: string): readonly string[] => [
  "for a; do",
  '  if [ -f "$a" ] && { IFS= read -r one; IFS= read -r two; } <"$a" 2>/dev/null && [ "$two" = ' +
    `${quoted(MARK)} ]; then ${then}; break; fi`,
  "done",
];

/** ELF and Mach-O, with leave to run. */
async function isProgram(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || (found.mode & 0o111) === 0) return false;
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return ["7f454c46", "cffaedfe", "cafebabe"].includes(buffer.toString("hex"));
  } finally {
    await file.close();
  }
}

/**
 * The real program behind a stand-in; undefined for every other file. A stand-in may be a repository's own text: only a regular file that has
 * the name which a recording gives is taken for a program of ours.
 */
export async function realOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > LARGEST || (found.mode & 0o111) === 0) return undefined;
  const [, mark, real] = (await readFile(path, "latin1")).split("\n");
  if (mark !== MARK || real === undefined) return undefined;
  const text = Buffer.from(real, "latin1").toString("utf8");
  const program = text.slice("real='".length, -1).replaceAll("'\\''", "'");
  if (!basename(program).startsWith(REAL)) return undefined;
  return (await lstat(program).catch(() => undefined))?.isFile() === true ? program : undefined;
}

/** Gives a file that holds a stand-in its program back. In place, since it may have other names (cargo links programs). */
export async function restore(path: string): Promise<void> {
  const real = await realOf(path);
  if (real === undefined) return;
  const { mode, atime, mtime } = await stat(path);
  try {
    await writeFile(path, await readFile(real));
  } catch (error) {
    // A program that was moved away or deleted behind our back: nothing can be given back.
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  await chmod(path, mode);
  await utimes(path, atime, mtime);
}
