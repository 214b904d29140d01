import { z } from "zod";

/** A person's answers to `manual` criteria. Each is kept while the criteria and the files are the ones it was given for (crq-format.md §7). */

const answer = z.strictObject({
  verdict: z.enum(["pass", "fail"]),
  by: z.string().describe("human:NAME"),
  at: z.iso.datetime(),
});
export type Answer = z.infer<typeof answer>;

/** By criterion. */
export type Answers = Readonly<Record<string, Answer>>;

/** What is stored: the answers given for one state of criteria and files. A file that does not validate holds no answer. */
export const answersSchema = z.strictObject({
  schema: z.literal("crq-answers/1"),
  crq: z.string(),
  /** Approval hash of the criteria. */
  hash: z.string().nullable(),
  /** Tree of the target, as reports name it. */
  tree: z.string(),
  answers: z.record(z.string(), answer),
});
export type StoredAnswers = z.infer<typeof answersSchema>;

/** The stored answers that still count. */
export function validAnswers(stored: StoredAnswers | undefined, hash: string | undefined, tree: string): Answers {
  return stored !== undefined && stored.hash === (hash ?? null) && stored.tree === tree ? stored.answers : {};
}
