import { type Command, InvalidArgumentError, Option } from "commander";
import type { Verb } from "../wiring/context.ts";

/** Options that several verbs have. */

/** Makes a commander action of a verb, which is loaded when it is called. `name` is that of its JSON document. */
export type Act = <Arguments extends readonly unknown[]>(
  name: string,
  load: () => Promise<Verb<Arguments>>,
) => (...args: Arguments) => Promise<void>;

export const output = (command: Command): Command =>
  command
    .addOption(new Option("--json", "print one JSON document on stdout").conflicts("events"))
    .option("--events", "print every event as a JSON line on stdout (crq-event/1)")
    .option("-q, --quiet", "print only the result");
/** Of a verb whose stdout is spoken for. */
export const quietable = (command: Command): Command => command.option("-q, --quiet", "say nothing on stderr but what ends it");

export const repository = (command: Command): Command => command.option("--repo <dir>", "the repository", ".");
export const world = (command: Command): Command =>
  command.option("--world <dir>", "serve flake inputs from an offline world (`shipped` for the one that comes with crq-agent)");
/** A world to serve from, one to record into, or neither: one of the three. */
export const worlds = (command: Command): Command =>
  command
    .addOption(
      new Option(
        "--world <dir>",
        "serve flake inputs from an offline world (`shipped` for the one that comes with crq-agent)",
      ).conflicts(["recordWorld", "live"]),
    )
    .addOption(new Option("--record-world <dir>", "ask the internet and store the answers in this world").conflicts("live"))
    .option("--live", "ask the internet and store nothing (the default)");
export const model = (command: Command): Command =>
  command
    .option("--model <name>", "rules, openai:NAME, anthropic:NAME, PROVIDER:NAME, scripted:FILE, or an alias of crq-agent.toml")
    .option("--cassette <mode:path>", "record:PATH or replay:PATH the model's replies");
export const limits = (command: Command): Command =>
  command
    .option("--max-turns <n>", "replies of the model", wholeNumber)
    .option("--max-tokens <n>", "output tokens of the model", wholeNumber)
    .option("--max-usd <n>", "money for the model", positive)
    .option("--max-wall <seconds>", "wall time", positive)
    .option("--max-builds <n>", "builds", wholeNumber);

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("It is no positive number.");
  return value;
}

/** Of what is counted: half a turn would be a limit that nobody meant. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new InvalidArgumentError("It is no positive whole number.");
  return value;
}

/** An option that may be given again. One that takes all words behind it would swallow the wish or the file that follows. */
export const repeated = (flags: string, about: string): Option =>
  new Option(flags, `${about}; may be given again`).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
