import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";

const TOPICS = ["exit-codes", "models", "security"] as const;

/** `crq-agent help [TOPIC]`: a topic's text, a verb's own help, or the program's. */
export function help(root: Command, topic: string | undefined, packageRoot: string, stdout: NodeJS.WritableStream): number {
  if (topic === undefined) {
    stdout.write(root.helpInformation());
    return 0;
  }
  const known = TOPICS.find((name) => name === topic);
  if (known !== undefined) {
    stdout.write(readFileSync(join(packageRoot, "prompts", `help-${known}.md`), "utf8"));
    return 0;
  }
  const verb = root.commands.find((command) => command.name() === topic);
  if (verb) {
    stdout.write(verb.helpInformation());
    return 0;
  }
  const names = [...root.commands.map((command) => command.name()), ...TOPICS].filter((name) => name !== "help");
  stdout.write(`There is no help on "${topic}". Topics: ${names.join(", ")}\n`);
  return 2;
}
