import { defineTool, type Tool } from "../agent/tool.ts";
import { type AskDetails, toolArguments } from "./contract.ts";

/** Asks whoever sits at the terminal; undefined: no answer was given. */
export type AskPerson = (question: string, choices: readonly string[]) => Promise<string | undefined>;

/** More questions than this belong into the document (crq-format.md §11.4). */
export const MAX_CLARIFICATIONS = 3;

/** A question that was put to a person, and the answer, on one line each. */
export interface Clarification {
  readonly question: string;
  readonly answer: string;
}

/** @param heard is told of every answer, so that the document can be held to it */
export function askPersonTool(ask: AskPerson, heard: (clarification: Clarification) => void): Tool {
  let asked = 0;
  return defineTool({
    name: "ask_person",
    about: `Asks the person at the terminal one short question, at most ${MAX_CLARIFICATIONS} in all: only what decides the work and no file answers. The answer goes into section 10.`,
    args: toolArguments.ask_person,
    writes: false,
    run: async ({ question, choices = [] }) => {
      const nobody: AskDetails = { answer: null };
      if (asked >= MAX_CLARIFICATIONS)
        return {
          text: `${MAX_CLARIFICATIONS} questions were asked. Put what is left into section 9.`,
          details: nobody,
          isError: true,
        };
      asked += 1;
      const said = oneLine((await ask(oneLine(question), choices.map(oneLine))) ?? "");
      if (said === "")
        return { text: "No answer. Put the question into section 9, or assume and say so in section 10.", details: nobody };
      heard({ question: oneLine(question), answer: said });
      const details: AskDetails = { answer: said };
      return { text: `The person answers: ${said}`, details };
    },
  });
}

/** Most characters of an answer. */
const MAX_ANSWER = 300;

const oneLine = (text: string): string =>
  text
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/gu, " ")
    .trim()
    .slice(0, MAX_ANSWER);
