import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { didYouMean } from "../../agent/text/nearest.ts";
import { ERRORS, isErrorCode } from "../../system/errors/codes.ts";
import { withCode } from "../../system/errors/foreseen.ts";
import { terminalText } from "./terminal-text.ts";
import { TOPICS } from "./topics.ts";

export type HelpText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** `crq-agent help [TOPIC…]`: a verb's own help (`help evals run`), a page of docs/, an error's code, or the program's help with all topics. */
export function helpText(root: Command, words: readonly string[], packageRoot: string): HelpText {
  const [first] = words;
  if (first === undefined) return { ok: true, text: `${root.helpInformation()}\n${topicList()}` };
  const verb = commandAt(root, words);
  if (verb !== undefined) return { ok: true, text: verb.helpInformation() };
  const name = words.join(" ");
  const page = TOPICS.find((topic) => topic.name === name);
  if (page !== undefined) return { ok: true, text: terminalText(readFileSync(join(packageRoot, "docs", page.file), "utf8")) };
  const code = name.replace(/^\[|\]$/gu, "");
  if (isErrorCode(code)) {
    const { exit, what, move } = ERRORS[code];
    return { ok: true, text: `${code}\n\n${what}\nExit code: ${exit}\nNext: ${move}\n` };
  }
  const names = [...namesOf(root), ...TOPICS.map((topic) => topic.name), ...Object.keys(ERRORS)];
  return {
    ok: false,
    problem: withCode(
      `crq-agent: there is no help on "${name}"${didYouMean(name, names)} \`crq-agent help\` lists verbs and topics`,
      "unknown-topic",
    ),
  };
}

function topicList(): string {
  const width = Math.max(...TOPICS.map(({ name }) => name.length));
  return `Topics (crq-agent help TOPIC):\n${TOPICS.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join("\n")}\n`;
}

function commandAt(root: Command, words: readonly string[]): Command | undefined {
  let at: Command | undefined = root;
  for (const word of words) at = at?.commands.find((command) => command.name() === word);
  return at;
}

/** `apply`, `evals`, `evals run` … */
const namesOf = (command: Command, above: readonly string[] = []): readonly string[] =>
  command.commands.flatMap((child) => {
    const path = [...above, child.name()];
    return [path.join(" "), ...namesOf(child, path)];
  });
