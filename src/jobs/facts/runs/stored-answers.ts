import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Answers, answersSchema, type StoredAnswers, validAnswers } from "../../../crq/criteria/answers.ts";
import { errorCode } from "../../../system/error.ts";

/** For which criteria and files answers are kept. */
export interface AnswerPlace {
  /** Of this repository, in the user's state folder. */
  readonly folder: string;
  readonly crq: string;
  readonly hash: string | undefined;
  readonly tree: string;
}

/** The answers that still count, and a sentence where a file had to be left out. */
export async function readAnswers(place: AnswerPlace): Promise<{ readonly answers: Answers; readonly problem?: string }> {
  const file = fileOf(place);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { answers: {} };
    throw error;
  }
  const stored = parse(text);
  return stored === undefined
    ? { answers: {}, problem: `${file}: is damaged; the answers in it are asked for again` }
    : { answers: validAnswers(stored, place.hash, place.tree) };
}

/** Keeps the answers; those that were given for other criteria or files are gone. */
export async function keepAnswers(place: AnswerPlace, answers: Answers): Promise<void> {
  const file = fileOf(place);
  const stored: StoredAnswers = {
    schema: "crq-answers/1",
    crq: place.crq,
    hash: place.hash ?? null,
    tree: place.tree,
    answers: { ...answers },
  };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, `${JSON.stringify(stored, undefined, 1)}\n`, { mode: 0o600 });
  await rename(part, file);
}

const fileOf = ({ folder, crq }: AnswerPlace): string => join(folder, `${crq}.json`);

function parse(text: string): StoredAnswers | undefined {
  try {
    return answersSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
