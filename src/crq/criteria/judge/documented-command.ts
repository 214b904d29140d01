/**
 * The Nix commands that a document shows in a fence marked `run`, as data: they are carried out by the evaluator of the run, never by a
 * shell. Pure.
 */

export type DocumentedCommand =
  | { readonly does: "build"; readonly name: string }
  | { readonly does: "eval"; readonly name: string }
  | { readonly does: "run"; readonly name: string; readonly args: readonly string[] }
  | { readonly does: "develop"; readonly shell: string; readonly argv: readonly string[] }
  | { readonly does: "check" };

export interface ShownCommand {
  /** As the reader sees it. */
  readonly shown: string;
  /** 1-based line of the document. */
  readonly line: number;
  /** undefined: this program does not carry it out; `why` says why. */
  readonly command: DocumentedCommand | undefined;
  readonly why: string;
}

/** The commands of one fence that begins at `line`. In `console` the lines with a prompt are commands and the rest is their output. */
export function commandsOfFence(language: string, code: string, line: number): readonly ShownCommand[] {
  const found: ShownCommand[] = [];
  const rows = code.split("\n");
  for (let at = 0; at < rows.length; at += 1) {
    const start = at;
    let text = rows[at] ?? "";
    if (language === "console" && !/^\s*[$#>] /.test(text)) continue;
    while (text.endsWith("\\") && at + 1 < rows.length) {
      at += 1;
      text = `${text.slice(0, -1)} ${rows[at] ?? ""}`;
    }
    const shown = text.replace(language === "console" ? /^\s*[$#>] / : /^\s*/, "").trim();
    if (shown !== "" && !shown.startsWith("#")) found.push({ shown, line: line + 1 + start, ...parse(shown) });
  }
  return found;
}

function parse(text: string): Pick<ShownCommand, "command" | "why"> {
  const words = wordsOf(text);
  if (!words) return { command: undefined, why: "it needs a shell" };
  const [program, verb, ...rest] = words;
  if (program !== "nix")
    return { command: undefined, why: "only nix build, run, develop -c, eval and flake check are carried out" };
  const command = verb === "flake" && rest[0] === "check" ? flakeCheck(rest.slice(1)) : ofVerb(verb, rest);
  return command
    ? { command, why: "" }
    : { command: undefined, why: "it has options or references that are not carried out here" };
}

function ofVerb(verb: string | undefined, words: readonly string[]): DocumentedCommand | undefined {
  const split = words.findIndex((word) => word === "--" || word === "-c" || word === "--command");
  const before = split < 0 ? words : words.slice(0, split);
  const after = split < 0 ? [] : words.slice(split + 1);
  const name = nameOf(before.filter((word) => !HARMLESS.has(word)));
  if (name === undefined) return undefined;
  switch (verb) {
    case "build":
    case "eval":
      return split < 0 ? { does: verb, name } : undefined;
    case "run":
      return split < 0 || words[split] === "--" ? { does: "run", name, args: after } : undefined;
    case "develop":
      return after.length > 0 && words[split] !== "--" ? { does: "develop", shell: name, argv: after } : undefined;
    default:
      return undefined;
  }
}

const flakeCheck = (words: readonly string[]): DocumentedCommand | undefined =>
  nameOf(words.filter((word) => !HARMLESS.has(word))) === "default" ? { does: "check" } : undefined;

/** Options that change nothing about what is proven. */
const HARMLESS: ReadonlySet<string> = new Set([
  "-L",
  "--print-build-logs",
  "--no-link",
  "--print-out-paths",
  "--json",
  "--raw",
  "-v",
  "--verbose",
]);

/** The name in `.#NAME`; `default` for `.` and for nothing. */
function nameOf(words: readonly string[]): string | undefined {
  const [reference, ...more] = words;
  if (more.length > 0) return undefined;
  if (reference === undefined || reference === "." || reference === "./.") return "default";
  return /^(?:\.|\.\/\.)?#(?<name>[^#?^]+)$/.exec(reference)?.groups?.name;
}

/** Words of a simple command; undefined as soon as anything in it would need a shell. */
function wordsOf(text: string): readonly string[] | undefined {
  const words: string[] = [];
  const token = /(?<comment>\s+#.*$)|\s*(?:(?<word>(?:[^\s'"\\$`|&;<>()*?[\]{}~]|'[^']*'|"[^"\\$`]*")+)|(?<end>$))/gy;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match?.groups) return undefined;
    if (match.groups.word === undefined) return words;
    words.push(match.groups.word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  return words;
}
