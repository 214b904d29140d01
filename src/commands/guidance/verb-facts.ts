import type { Argument, Command, Option } from "commander";

/** What the program says of a verb, read from its own tree: completions, the man page and the pages of docs/ are made from it. */

export interface VerbFacts {
  /** `["evals", "run"]`; empty for the program itself. */
  readonly path: readonly string[];
  readonly about: string;
  readonly usage: string;
  readonly arguments: readonly ArgumentFacts[];
  readonly options: readonly OptionFacts[];
  /** Names of the verbs below it. */
  readonly verbs: readonly string[];
  /** Title of the group that the program's help shows it in. */
  readonly group: string;
}

export interface ArgumentFacts {
  readonly name: string;
  readonly about: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly choices: readonly string[];
  readonly fallback: string | undefined;
}

export interface OptionFacts {
  /** `-q, --quiet`, `--profile <profile>` */
  readonly flags: string;
  readonly long: string;
  readonly short: string | undefined;
  readonly about: string;
  /** `dir` of `--repo <dir>`; undefined for a switch. */
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly fallback: string | undefined;
  readonly required: boolean;
}

/** The program first, then every verb that its help shows, in the order of the help. */
export function verbFacts(root: Command): readonly VerbFacts[] {
  return walk(root, [], "");
}

/** Joins a path as a person types it. */
export const verbName = ({ path }: Pick<VerbFacts, "path">): string => path.join(" ");

function walk(command: Command, path: readonly string[], group: string): readonly VerbFacts[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command).filter((child) => path.length === 0 || child.name() !== "help");
  const own: VerbFacts = {
    path,
    about: command.description(),
    usage: help.commandUsage(command),
    arguments: command.registeredArguments.map(argumentFacts),
    options: help.visibleOptions(command).map(optionFacts),
    verbs: children.map((child) => child.name()),
    group,
  };
  return [own, ...children.flatMap((child) => walk(child, [...path, child.name()], group || child.helpGroup()))];
}

const argumentFacts = (argument: Argument): ArgumentFacts => ({
  name: argument.name(),
  about: argument.description,
  required: argument.required,
  variadic: argument.variadic,
  choices: argument.argChoices ?? [],
  fallback: fallbackOf(argument.defaultValue),
});

const optionFacts = (option: Option): OptionFacts => ({
  flags: option.flags,
  long: option.long ?? option.flags,
  short: option.short,
  about: option.description,
  value: /[<[]([^>\]]+)[>\]]/u.exec(option.flags)?.[1],
  choices: option.argChoices ?? [],
  fallback: fallbackOf(option.defaultValue),
  required: option.mandatory,
});

const fallbackOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
