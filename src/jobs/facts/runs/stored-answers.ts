import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Answers, answersSchema, type StoredAnswers, validAnswers } from "../../../crq/criteria/answers.ts";
import { errorCode } from "../../../system/error.ts";
import { writeWhole } from "../../work/acceptance/evidence-files.ts";

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
  await writeWhole(file, `${JSON.stringify(stored, undefined, 1)}\n`);
}

const fileOf = ({ folder, crq }: AnswerPlace): string => join(folder, `${crq}.json`);

function parse(text: string): StoredAnswers | undefined {
  try {
    return answersSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
