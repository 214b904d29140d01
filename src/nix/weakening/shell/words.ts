/** A shell script as commands and what stands between them. Quotes are taken off; nothing is expanded. */

export interface ShellCommand {
  readonly words: readonly string[];
  /** What ends it: a newline, `;`, `&&`, `||`, `|`, `&`, `(`, `)`; empty at the end of the script. */
  readonly end: string;
}

/** Comment, quoted text, separators of commands, or a plain run of other characters. */
const TOKEN =
  /(?<comment>(?<![^\s;&|(){}])#[^\n]*)|(?<quoted>'[^']*'|"(?:[^"\\]|\\[\s\S])*")|(?<separator>\n|;|&&|\|\||\||&(?!>)|\(|\))|(?<blank>[^\S\n]+)|(?<plain>\\[\s\S]|(?:[^\s;&|()#'"\\]|&>|(?<=\S)#)+)|(?<other>[\s\S])/gu;

/** Every stretch between two separators, empty ones too. */
export function shellCommands(script: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (const token of script.matchAll(TOKEN)) {
    const { quoted, plain, other, separator, blank } = token.groups ?? {};
    if (quoted !== undefined) word = (word ?? "") + quoted.slice(1, -1);
    else if (plain !== undefined || other !== undefined) word = (word ?? "") + (plain ?? other ?? "").replace(/^\\/, "");
    else if (blank !== undefined) endWord();
    else if (separator !== undefined) {
      endWord();
      commands.push({ words, end: separator });
      words = [];
    }
  }
  endWord();
  commands.push({ words, end: "" });
  return commands;
}

export const SHELL_KEYWORDS: ReadonlySet<string> = new Set([
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "do",
  "done",
  "{",
  "}",
  "!",
  "while",
  "until",
]);

/** The words of a command without the keywords, assignments and redirections before its program. */
export function programOf(words: readonly string[]): readonly string[] {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (isBareRedirection(word)) at += 1;
    else if (!SHELL_KEYWORDS.has(word) && !isAssignment(word) && !isRedirection(word)) return words.slice(at);
  }
  return [];
}

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*\+?=/.test(word);
/** `>file`, `2>&1`, `<file`. */
const isRedirection = (word: string): boolean => /^\d*(?:&>>?|>>?&?|<)/.test(word);
/** `>` with its file in the next word. */
const isBareRedirection = (word: string): boolean => /^\d*(?:&>>?|>>?&?|<)$/.test(word);
