import { TOPICS } from "../topics.ts";
import { type ArgumentFacts, type OptionFacts, type VerbFacts, verbName } from "../verb-facts.ts";

/** What may stand at a place of the command line. `names`: asked of the program while the shell completes. */
export type Words =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "names"; readonly of: "crqs" | "sessions" }
  | { readonly kind: "files" }
  | { readonly kind: "folders" }
  | { readonly kind: "nothing" };

const NOTHING: Words = { kind: "nothing" };

export function wordsOfOption({ value, choices, long }: OptionFacts): Words {
  if (choices.length > 0) return { kind: "words", words: choices };
  if (long === "--model") return { kind: "words", words: ["rules", "openai:", "anthropic:", "scripted:"] };
  if (value === "dir") return { kind: "folders" };
  if (value === "file" || value === "mode:path") return { kind: "files" };
  return value === "crq" ? { kind: "names", of: "crqs" } : NOTHING;
}

/** What a verb takes as its arguments: all of them alike, as a shell cannot know which one is meant. */
export function wordsOfArguments(verb: VerbFacts, verbs: readonly VerbFacts[]): Words {
  if (verb.verbs.length > 0) return { kind: "words", words: verb.verbs };
  const [first] = verb.arguments;
  if (first === undefined) return NOTHING;
  if (verbName(verb) === "help") return { kind: "words", words: [...(verbs[0]?.verbs ?? []), ...TOPICS.map(({ name }) => name)] };
  return wordsOfArgument(verb, first);
}

function wordsOfArgument({ path }: VerbFacts, { name, choices }: ArgumentFacts): Words {
  if (choices.length > 0) return { kind: "words", words: choices };
  if (name === "crq") return { kind: "names", of: "crqs" };
  if (path[0] === "sessions") return { kind: "names", of: "sessions" };
  if (name === "dir") return { kind: "folders" };
  return name === "files" || name === "command" ? { kind: "files" } : NOTHING;
}
