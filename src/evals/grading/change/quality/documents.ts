import { commandsOfFence, type ShownCommand } from "../../../../crq/criteria/judge/documented-command.ts";
import { markdownText } from "../../../../crq/criteria/judge/markdown-text.ts";
import { runDocumented } from "../../../../crq/criteria/programs/run-documented.ts";
import { requireMachine } from "../observe.ts";
import { checkContext } from "../subject.ts";
import { type QualityMeasure, type Seen, seen } from "./measure.ts";

const COMMAND_MS = 120_000;

/** What changed documents show of Nix works when a reader does it. Commands that need a shell are left out. */
export const documents: QualityMeasure = {
  name: "documents",
  async look(subject) {
    const { changed, context } = subject;
    const judged: Seen[] = [];
    for (const { path, status } of changed) {
      if (status === "deleted" || !path.endsWith(".md") || path.startsWith(`${subject.settings.crqFolder}/`)) continue;
      const read = await context.target.read(path);
      const commands = read.ok ? nixCommands(read.text) : [];
      if (commands.length === 0) continue;
      const result = await runDocumented(path, commands, checkContext(subject), COMMAND_MS);
      await requireMachine(result, context.environment);
      judged.push(seen(result.verdict === "pass", result.reason));
    }
    if (judged.length === 0) return undefined;
    return judged.find(({ good }) => !good) ?? seen(true, judged.map(({ detail }) => detail).join("; "));
  },
};

const nixCommands = (markdown: string): readonly ShownCommand[] =>
  markdownText(markdown)
    .shellFences.flatMap(({ language, code, line }) => commandsOfFence(language, code, line))
    .filter(({ command }) => command !== undefined);
